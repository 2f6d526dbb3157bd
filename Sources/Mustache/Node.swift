/// A line of a template, for problems to point at.
struct Place: Sendable {
  let template: String
  let line: Int

  func problem(_ reason: TemplateProblem.Reason) -> TemplateProblem {
    TemplateProblem(template: template, line: line, reason: reason)
  }
}

/// A parsed template is a list of these.
indirect enum Node: Sendable {
  case text([UInt8], Place)
  case variable(name: String, isRaw: Bool, Place)
  case section(name: String, isInverted: Bool, body: [Node], Place)
  /// `indentation` is the white space before a partial that stands alone on its line.
  case partial(name: String, indentation: [UInt8], Place)
  case parent(name: String, overrides: [Block], Place)
  case block(Block)
}

/// A named part of a parent with its default content, or a child's content for it.
struct Block: Sendable {
  let name: String
  let body: [Node]
  let place: Place
}
