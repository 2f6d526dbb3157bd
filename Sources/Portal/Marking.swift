/// Ties a page that came back to the controls its mistakes are about. Done once a page is drawn, so
/// that no template of a form can leave it out.
struct Marking {
  private let page: [UInt8]
  private let tags: [Markup]
  /// The links of the summary, one for each mistake.
  private let links: [Int]
  private var edits: [(range: Range<Int>, bytes: [UInt8])] = []
  /// The controls that have their words beside them.
  private var said: Set<Int> = []
  /// What describes a control or a group of them now, by id.
  private var descriptions: [Int: [String]] = [:]

  /// The page with the words of each mistake beside its control, and the summary leading there, in
  /// the order of the page.
  /// - Parameter path: where the form was sent.
  static func page(_ page: [UInt8], with mistakes: [Mistake], sentTo path: String) -> [UInt8] {
    var marking = Marking(page: page, tags: Markup.all(in: page))
    marking.mark(mistakes, sentTo: path)
    return marking.edited
  }

  private init(page: [UInt8], tags: [Markup]) {
    self.page = page
    self.tags = tags
    let summary = tags.firstIndex { $0["class"] == "errors" } ?? tags.endIndex
    links = tags[summary...].indices.prefix { tags[$0].name != "/ul" }
      .filter { tags[$0].name == "a" && tags[$0]["href"] == Self.nowhere }
  }

  /// Where the summary leads before it leads anywhere.
  private static let nowhere = "#main"

  /// A mistake on the page: its words as they are drawn there, and where it leads.
  private struct Mark {
    let words: [UInt8]
    let place: Int?
    /// Whether the words belong beside the place.
    let isControl: Bool
  }

  private mutating func mark(_ mistakes: [Mistake], sentTo path: String) {
    let sent = forms(sentTo: path)
    let marks = zip(links, mistakes).map { link, mistake in
      let (place, isControl) = place(of: mistake, in: sent)
      return Mark(words: text(of: link), place: place, isControl: isControl)
    }
    // What is about the whole form comes first, then field by field.
    let fields = marks.filter(\.isControl).sorted { ($0.place ?? 0) < ($1.place ?? 0) }
    for (link, mark) in zip(links, marks.filter { !$0.isControl } + fields) {
      edits.append((range(of: link), mark.words))
      guard let place = mark.place else { continue }
      if mark.isControl, said.insert(place).inserted { say(mark.words, at: place) }
      let id = lead(to: place)
      if let href = tags[link].place(of: "href") {
        edits.append((href..<href + Self.nowhere.utf8.count, Array("#\(id)".utf8)))
      }
    }
    for (tag, ids) in descriptions { describe(tag, by: ids) }
  }

  /// Where the text of a link stands.
  private func range(of link: Int) -> Range<Int> {
    let end = link + 1 < tags.endIndex ? tags[link + 1].range.lowerBound : page.endIndex
    return tags[link].range.upperBound..<end
  }

  private func text(of link: Int) -> [UInt8] { Array(page[range(of: link)]) }

  /// What a mistake leads to: the control it is about, or else what it names, or the first place of
  /// the form.
  private func place(
    of mistake: Mistake, in sent: [Range<Int>]
  ) -> (place: Int?, isControl: Bool) {
    let named = mistake.field.flatMap { name in
      control(called: name, in: sent) ?? control(called: name, in: [tags.indices])
    }
    let places = sent.first.map { $0.filter { tags[$0].isPlace } } ?? []
    let controls = places.filter { tags[$0].isControl }
    if let control = named ?? (mistake.field == nil && controls.count == 1 ? controls[0] : nil) {
      return (control, true)
    }
    return (place(called: mistake.field) ?? places.first, false)
  }

  /// The tags of each form that could have been sent there.
  private func forms(sentTo path: String) -> [Range<Int>] {
    // The search above every page is none of them.
    let main = tags.firstIndex { $0.name == "main" } ?? 0
    return tags.indices.filter { $0 > main && tags[$0].name == "form" }.compactMap { start in
      let end = tags[start...].firstIndex { $0.name == "/form" } ?? tags.endIndex
      let isSent =
        tags[start]["action"] == path || tags[start..<end].contains { $0["formaction"] == path }
      return isSent ? start..<end : nil
    }
  }

  /// What is no control has its own id, where a mistake names it.
  private func place(called id: String?) -> Int? {
    id.flatMap { id in tags.firstIndex { $0["id"] == id } }
  }

  private func control(called name: String, in forms: [Range<Int>]) -> Int? {
    for form in forms {
      let found = form.first {
        tags[$0].isControl && (tags[$0]["name"] == name || tags[$0]["id"] == name)
      }
      if let found { return found }
    }
    return nil
  }

  /// Writes the words beside a control, or below the legend of the group that it is one of.
  private mutating func say(_ words: [UInt8], at control: Int) {
    let error = id(of: control) + "-error"
    let span = Array("<span class=\"error\" id=\"\(error)\">".utf8) + words + Array("</span>".utf8)
    if tags[control].isOneOfMany, let group = opened("fieldset", around: control).last {
      let legend = tags[group...].firstIndex { $0.name == "/legend" } ?? group
      insert(span, at: tags[legend].range.upperBound)
      descriptions[group, default: []].append(error)
    } else {
      insert(span, at: tags[control].range.lowerBound)
      descriptions[control, default: []].append(error)
      insert(" aria-invalid=\"true\"", at: tags[control].end)
    }
  }

  private mutating func describe(_ tag: Int, by ids: [String]) {
    let ids = ids.joined(separator: " ")
    if let hints = tags[tag].place(of: "aria-describedby") {
      insert("\(ids) ", at: hints)
    } else {
      insert(" aria-describedby=\"\(ids)\"", at: tags[tag].end)
    }
  }

  private func id(of tag: Int) -> String { tags[tag]["id"] ?? tags[tag]["name"] ?? "sent" }

  /// Makes a tag one that the summary can lead to, and that is then in sight.
  /// - Returns: the tag's id.
  private mutating func lead(to tag: Int) -> String {
    let id = id(of: tag)
    if tags[tag]["id"] == nil { insert(" id=\"\(id)\"", at: tags[tag].end) }
    for details in opened("details", around: tag) where !tags[details].text.contains(" open") {
      insert(" open", at: tags[details].end)
    }
    return id
  }

  /// The elements of a name that a tag stands in, outermost first.
  private func opened(_ name: String, around tag: Int) -> [Int] {
    tags[..<tag].indices.reduce(into: []) { open, index in
      if tags[index].name == name { open.append(index) }
      if tags[index].name == "/" + name { _ = open.popLast() }
    }
  }

  private mutating func insert(_ text: String, at place: Int) {
    insert(Array(text.utf8), at: place)
  }

  /// Of two who ask for the same there, as for their form to be open, one is enough.
  private mutating func insert(_ bytes: [UInt8], at place: Int) {
    guard !edits.contains(where: { $0 == (place..<place, bytes) }) else { return }
    edits.append((place..<place, bytes))
  }

  private var edited: [UInt8] {
    var (result, done) = ([UInt8](), 0)
    // Those at one place stay in the order they were made.
    for edit in edits.enumerated().sorted(by: {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }) {
      result += page[done..<edit.element.range.lowerBound]
      result += edit.element.bytes
      done = edit.element.range.upperBound
    }
    return result + page[done...]
  }
}

/// One tag of a page that was drawn here: values are quoted, and hold neither `<` nor `>`.
private struct Markup {
  let text: String
  /// Where it stands in the page.
  let range: Range<Int>
  /// `input`, `/form`.
  let name: String

  static func all(in page: [UInt8]) -> [Markup] {
    var (tags, rest) = ([Markup](), page[...])
    while let start = rest.firstIndex(of: UInt8(ascii: "<")),
      let end = rest[start...].firstIndex(of: UInt8(ascii: ">"))
    {
      let text = String(decoding: page[start...end], as: UTF8.self)
      let name = text.dropFirst().prefix { $0.isLetter || $0 == "/" }
      tags.append(Markup(text: text, range: start..<end + 1, name: String(name)))
      rest = page[(end + 1)...]
    }
    return tags
  }

  /// Where another attribute may stand.
  var end: Int { range.upperBound - 1 }

  var isControl: Bool {
    name == "select" || name == "textarea" || name == "input" && self["type"] != "hidden"
  }

  /// Whether it is one of several that stand for one answer.
  var isOneOfMany: Bool { ["radio", "checkbox"].contains(self["type"]) }

  /// Whether a summary may lead to it.
  var isPlace: Bool { isControl || name == "button" }

  /// The value of an attribute.
  subscript(attribute: String) -> String? {
    text.firstRange(of: " \(attribute)=\"").map {
      String(text[$0.upperBound...].prefix { $0 != "\"" })
    }
  }

  /// Where the value of an attribute begins in the page.
  func place(of attribute: String) -> Int? {
    text.firstRange(of: " \(attribute)=\"").map {
      range.lowerBound + text.utf8.distance(from: text.startIndex, to: $0.upperBound)
    }
  }
}
