import Foundation
import FoundationXML

/// An element of an XML answer. Attributes and namespaces are left out: AWS says nothing in them
/// that is read here.
struct XMLElement: Sendable, Equatable {
  /// The deepest nesting read.
  static let depthMax = 64
  /// The most elements read.
  static let elementsMax = 200_000

  let name: String
  fileprivate(set) var text = ""
  fileprivate(set) var children: [XMLElement] = []

  init(name: String) { self.name = name }

  /// The first child of that name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The text of the first child of that name.
  func text(_ name: String) -> String? { self[name]?.text }

  /// The point in time in the first child of that name, in milliseconds since 1970; nil without
  /// one.
  func timeMs(_ name: String) -> Int64? { text(name).flatMap(Timestamp.ms(iso8601:)) }

  /// The entries of a list: `<Name><member/>…</Name>`, or whatever its entries are called.
  func list(_ name: String) -> [XMLElement] { self[name]?.children ?? [] }

  /// Text as it stands between tags.
  static func escape(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;")
      .replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
  }

  /// Whether a document is UTF-8 and has neither a document type, which could name entities and
  /// files, nor an instruction, for which FoundationXML ends the process. Both could hide in
  /// another encoding, so none may be named.
  private static func isPlain(_ bytes: [UInt8]) -> Bool {
    let isText = !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
    guard isText else { return false }
    var rest = Data(bytes)
    if rest.starts(with: "<?xml ".utf8), let end = rest.range(of: Data("?>".utf8)) {
      let declaration = String(decoding: rest[..<end.lowerBound], as: UTF8.self).lowercased()
      // Written in any other way, libxml2 may see its end elsewhere, and an instruction after it.
      guard declaration.wholeMatch(of: Self.declaration) != nil else { return false }
      rest = rest[end.upperBound...]
    }
    return ["<?", "<!DOCTYPE"].allSatisfy { rest.range(of: Data($0.utf8)) == nil }
  }

  /// In lower case, without its end (XML 1.0 §2.8, UTF-8 alone).
  private static var declaration: Regex<Substring> {
    #/
    <\?xml \x20+ version=(?:"1\.\d"|'1\.\d')
    (?: \x20+ encoding=(?:"utf-8"|'utf-8') )?
    (?: \x20+ standalone=(?:"(?:yes|no)"|'(?:yes|no)') )? \x20*
    /#
  }

  /// Reads a document; nil when it is not well-formed, too deep or too large, or has what AWS never
  /// sends.
  static func parse(_ bytes: [UInt8]) -> XMLElement? {
    guard isPlain(bytes) else { return nil }
    let builder = TreeBuilder()
    let parser = XMLParser(data: Data(bytes))
    parser.shouldResolveExternalEntities = false
    parser.shouldProcessNamespaces = false
    parser.delegate = builder
    // On Linux parse() is true for some malformed documents; the error tells.
    guard parser.parse(), parser.parserError == nil else { return nil }
    return builder.root
  }
}

private final class TreeBuilder: NSObject, XMLParserDelegate {
  private(set) var root: XMLElement?
  private var open: [XMLElement] = []
  private var count = 0
  private var isRefused = false

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    count += 1
    guard open.count < XMLElement.depthMax, count <= XMLElement.elementsMax else {
      return refuse(parser)
    }
    open.append(XMLElement(name: name))
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard !open.isEmpty, !isRefused else { return }
    open[open.count - 1].text += text
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    guard !open.isEmpty, !isRefused else { return }
    open[open.count - 1].text += String(decoding: block, as: UTF8.self)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard !isRefused, var element = open.popLast(), element.name == name else {
      return refuse(parser)
    }
    // Space between elements is not text.
    if !element.children.isEmpty { element.text = "" }
    if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
  }

  private func refuse(_ parser: XMLParser) {
    isRefused = true
    root = nil
    open = []
    parser.abortParsing()
  }
}
