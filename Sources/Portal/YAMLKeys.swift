import Yams

/// The keys of one YAML mapping. A key nobody knows is an error that names the nearest known one:
/// a misspelt setting must not quietly be the default.
struct YAMLKeys {
  private let values: [String: Node]
  private let place: String

  init(_ node: Node?, place: String, known: [String]) throws(ConfigurationProblem) {
    guard let mapping = node?.mapping else {
      throw ConfigurationProblem("\(place) must be a list of “key: value” lines.")
    }
    var values: [String: Node] = [:]
    for (key, value) in mapping {
      guard let key = key.string, known.contains(key) else {
        let typed = key.string ?? "?"
        let nearest = known.min { distance($0, typed) < distance($1, typed) } ?? ""
        throw ConfigurationProblem(
          "\(place): there is no key “\(typed)”. Did you mean “\(nearest)”?")
      }
      values[key] = value
    }
    self.values = values
    self.place = place
  }

  func node(_ key: String) -> Node? { values[key] }

  func text(_ key: String) throws(ConfigurationProblem) -> String? {
    guard let node = values[key] else { return nil }
    guard let text = node.scalar?.string, !text.isEmpty else {
      throw ConfigurationProblem("\(place): \(key) must be text.")
    }
    return text
  }

  func needed(_ key: String) throws(ConfigurationProblem) -> String {
    guard let text = try text(key) else {
      throw ConfigurationProblem("\(place): \(key) is missing.")
    }
    return text
  }

  /// The site whose credentials are used, the first where none is named.
  func site(of sites: [Site]) throws(ConfigurationProblem) -> String {
    let named = try text("site") ?? sites[0].name
    guard sites.contains(where: { $0.name == named }) else {
      throw ConfigurationProblem(
        "\(place): there is no site “\(named)”. Name one of those under sites: "
          + sites.map { "“\($0.name)”" }.joined(separator: ", ")
          + "; or leave site out, for the first.")
    }
    return named
  }

  func number(_ key: String) throws(ConfigurationProblem) -> Int? {
    guard let node = values[key] else { return nil }
    guard let number = node.int else {
      throw ConfigurationProblem("\(place): \(key) must be a whole number.")
    }
    return number
  }

  /// A number within bounds.
  func number(
    _ key: String, in range: ClosedRange<Int>, else standard: Int
  ) throws(ConfigurationProblem) -> Int {
    let number = try number(key) ?? standard
    guard range.contains(number) else {
      throw ConfigurationProblem(
        "\(place): \(key) must be \(range.lowerBound) to \(range.upperBound), not \(number).")
    }
    return number
  }

  func flag(_ key: String) throws(ConfigurationProblem) -> Bool? {
    guard let node = values[key] else { return nil }
    guard let flag = node.bool else {
      throw ConfigurationProblem("\(place): \(key) must be true or false.")
    }
    return flag
  }

  func list(_ key: String) throws(ConfigurationProblem) -> [Node] {
    guard let node = values[key] else { return [] }
    guard let sequence = node.sequence else {
      throw ConfigurationProblem("\(place): \(key) must be a list.")
    }
    return Array(sequence)
  }

  func texts(_ key: String) throws(ConfigurationProblem) -> [String] {
    try list(key).map { node throws(ConfigurationProblem) in
      guard let text = node.scalar?.string else {
        throw ConfigurationProblem("\(place): \(key) must be a list of texts.")
      }
      return text
    }
  }
}

/// How many letters must be added, dropped or exchanged to make one word of the other.
private func distance(_ left: String, _ right: String) -> Int {
  let right = Array(right)
  var row = Array(0...right.count)
  for (index, letter) in left.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for column in right.indices {
      let exchanged = diagonal + (letter == right[column] ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(exchanged, row[column] + 1, diagonal + 1)
    }
  }
  return row[right.count]
}
