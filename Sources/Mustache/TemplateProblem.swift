/// Why templates could not be loaded: where, and a sentence that says what to do about it.
public struct TemplateProblem: Error, Equatable, CustomStringConvertible {
  /// The template's name: its path below the folder, without extension. For a folder that cannot
  /// be read, the folder.
  public let template: String
  /// The line, from 1; nil when the whole file is meant.
  public let line: Int?
  /// What is wrong.
  public let reason: Reason

  /// The closed set of refusals.
  public enum Reason: Equatable, Sendable {
    /// The file or folder cannot be read; the sentence is the system's.
    case unreadable(String)
    /// The file is not UTF-8.
    case notUTF8
    /// The file is larger than `Library.maxSourceLength` bytes.
    case tooLong
    /// Sections, blocks and parents stand inside each other deeper than `Library.maxNesting`.
    case nestedTooDeep
    /// `{{` without its `}}`, or `{{{` without its `}}}`.
    case unclosedTag
    /// A tag whose content is not a name.
    case badName(String)
    /// Mustache that this dialect leaves out: delimiters, dynamic names, `{{.}}`.
    case unsupported(String)
    /// A section, block or parent that is not closed.
    case unclosed(String)
    /// `{{/closing}}` where another tag, or none, is open.
    case unexpectedClose(String, open: String?)
    /// Text or tags inside a parent, but outside its blocks: they would silently vanish.
    case strayInParent(String)
    /// Two overrides of one block in the same parent tag.
    case repeatedBlock(String)
    /// An override of a block that the parent does not have.
    case noSuchBlock(String, parent: String, existing: [String])
    /// A page, partial or parent that is not in the library.
    case noSuchTemplate(String)
    /// A template that includes or extends itself, by way of these.
    case cycle([String])
    /// A name that no field answers.
    case noSuchField(String, existing: [String])
    /// Two fields of one name in the same data.
    case repeatedField(String)
    /// A field used in a way that its kind does not allow; the sentence says which to use.
    case wrongKind(String, String)
    /// A place in the HTML where no value is safe, or not this one; the sentence says why.
    case unsafePlace(String, String)
    /// The HTML is in another state after a section than before it, or unfinished at the end.
    case brokenMarkup(String)
  }

  /// `changes/show.mustache:12: no field 'nmae' here; there are: name, state`
  public var description: String {
    let file = line == nil ? template : "\(template).mustache"
    return "\(file):\(line.map { "\($0):" } ?? "") \(reason)"
  }
}

extension TemplateProblem.Reason: CustomStringConvertible {
  /// The sentence alone, without the place.
  public var description: String {
    switch self {
    case .unreadable(let why): "cannot be read: \(why)"
    case .notUTF8: "is not UTF-8"
    case .tooLong: "is longer than \(Library.maxSourceLength) bytes"
    case .nestedTooDeep: "tags are nested deeper than \(Library.maxNesting)"
    case .unclosedTag: "this tag has no closing braces"
    case .badName(let name): "'\(name)' is not a name"
    case .unsupported(let what): "\(what) not supported"
    case .unclosed(let tag): "'\(tag)' is never closed"
    case .unexpectedClose(let name, let open?): "'\(name)' closes here, but '\(open)' is open"
    case .unexpectedClose(let name, nil): "'\(name)' closes here, but nothing is open"
    case .strayInParent(let parent): "only blocks may stand inside parent '\(parent)'"
    case .repeatedBlock(let name): "block '\(name)' is given twice"
    case .noSuchBlock(let name, let parent, let existing):
      "no block '\(name)' in '\(parent)'; there are: \(Self.list(existing))"
    case .noSuchTemplate(let name): "there is no template '\(name)'"
    case .cycle(let names): "a template contains itself: \(names.joined(separator: " → "))"
    case .noSuchField(let name, let existing):
      "no field '\(name)' here; there are: \(Self.list(existing))"
    case .repeatedField(let name): "the data declares field '\(name)' twice"
    case .wrongKind(let name, let why): "'\(name)' \(why)"
    case .unsafePlace(let name, let why): "'\(name)' \(why)"
    case .brokenMarkup(let what): what
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.joined(separator: ", ")
  }
}
