import Foundation

/// A page with a form that came back, as a browser and a screen reader have it.
struct ShownForm {
  let text: String
  private let tags: [Tag]

  struct Tag {
    let name: String
    let text: String
    let range: Range<String.Index>

    subscript(attribute: String) -> String? {
      text.range(of: " \(attribute)=\"").map {
        String(text[$0.upperBound...].prefix { $0 != "\"" })
      }
    }
  }

  init(text: String) {
    self.text = text
    tags = text.matches(of: /<(\/?[a-z0-9]+)[^>]*>/).map {
      Tag(name: String($0.output.1), text: String($0.output.0), range: $0.range)
    }
  }

  /// The links of the summary.
  private var links: [Tag] {
    guard let summary = tags.firstIndex(where: { $0["class"] == "errors" }) else { return [] }
    return tags[summary...].prefix { $0.name != "/ul" }.filter { $0.name == "a" }
  }

  /// Where a link leads.
  private func target(of link: Tag) -> Tag? {
    tags.first { $0["id"].map { "#" + $0 } == link["href"] }
  }

  /// The names of the controls that the summary leads to, in its order.
  var wrong: [String] {
    links.map { link in
      let target = target(of: link)
      return target?["name"] ?? target?["id"] ?? "nothing"
    }
  }

  /// What is not as it should be; empty where all is.
  func fault() -> String {
    let summary = tags.first { $0["class"] == "errors" }
    guard summary?["role"] == "alert", summary?.text.contains(" autofocus") == true else {
      return "the summary takes no focus"
    }
    let places = links.map { target(of: $0)?.range.lowerBound ?? text.startIndex }
    guard !links.isEmpty, places == places.sorted() else {
      return "the summary is not in the order of the page"
    }
    return links.map(fault).first { !$0.isEmpty } ?? ""
  }

  private func fault(of link: Tag) -> String {
    guard let target = target(of: link), let id = target["id"] else {
      return "the summary leads nowhere"
    }
    guard tags.count(where: { $0["id"] == id }) == 1 else { return "\(id) is there twice" }
    let errors = tags.filter { $0["id"] == id + "-error" }
    guard errors.count == 1, words(after: errors[0]) == words(after: link)
    else { return "the words are not beside \(id)" }
    let isOneOfMany = ["radio", "checkbox"].contains(target["type"])
    let described =
      isOneOfMany
      ? tags.last { $0.name == "fieldset" && $0.range.upperBound < target.range.lowerBound }
      : target
    guard described?["aria-describedby"]?.split(separator: " ").contains("\(id)-error") == true
    else { return "\(id) is not described by the words" }
    guard isOneOfMany || target["aria-invalid"] == "true" else { return "\(id) is not invalid" }
    let before = tags.filter { $0.range.lowerBound < target.range.lowerBound }
    let open = before.reduce(into: [Tag]()) { open, tag in
      if tag.name == "details" { open.append(tag) }
      if tag.name == "/details" { open.removeLast() }
    }
    return open.allSatisfy { $0.text.contains(" open") } ? "" : "\(id) is folded away"
  }

  private func words(after tag: Tag?) -> String {
    tag.map { String(text[$0.range.upperBound...].prefix { $0 != "<" }) } ?? "?"
  }

  /// What stands in the control of a name; nil where there is none.
  func value(of name: String) -> String? {
    guard let control = tags.first(where: { $0["name"] == name && $0["type"] != "hidden" }) else {
      return nil
    }
    return control.name == "textarea" ? words(after: control) : control["value"] ?? ""
  }

  /// Whether a control of a name holds a value, also as its choice.
  func holds(_ name: String, _ value: String) -> Bool {
    tags.indices.contains { index in
      let control = tags[index]
      guard control["name"] == name else { return false }
      switch (control.name, control["type"]) {
      case ("textarea", _): return words(after: control) == value
      case ("select", _):
        let end = tags[index...].firstIndex { $0.name == "/select" } ?? index
        return tags[index..<end].contains { $0["value"] == value && $0.text.contains(" selected") }
      case (_, "radio"), (_, "checkbox"):
        return control["value"] == value && control.text.contains(" checked")
      default: return control["value"] == value
      }
    }
  }
}
