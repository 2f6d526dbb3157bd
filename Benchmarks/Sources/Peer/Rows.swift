import GRDB
import Mustache

/// A row by the names of its columns. What is NULL is not there: swift-mustache takes an empty text
/// for true.
typealias Fields = [String: any Sendable]

func fields(of row: Row) -> Fields {
  var fields: Fields = [:]
  for (column, value) in row { fields[column] = String.fromDatabaseValue(value) }
  return fields
}

/// Data that names its own fields, which is swift-mustache's quickest way to them.
typealias Parent = MustacheParent & Sendable

/// A row, and the rows below it by the names of their lists. A class, for it goes into an `Any`
/// without a copy.
final class Line: Parent {
  private let values: [String: String]
  private let lists: [String: [any Parent]]

  init(_ row: Row, lists: [String: [any Parent]] = [:]) {
    var values: [String: String] = [:]
    for (column, value) in row { values[column] = String.fromDatabaseValue(value) }
    self.values = values
    self.lists = lists
  }

  func child(named name: String) -> Any? {
    if let value = values[name] { return value }
    return lists[name]
  }
}

/// One of the many marks of a strip, and so without a table of names.
final class Bar: Parent {
  private let tone: String
  private let x: String
  private let width: String
  private let word: String
  private let from: String
  private let until: String

  init(_ row: Row) {
    tone = row[1]
    x = row[2]
    width = row[3]
    word = row[4]
    from = row[5]
    until = row[6]
  }

  func child(named name: String) -> Any? {
    switch name {
    case "tone": tone
    case "x": x
    case "width": width
    case "word": word
    case "from": from
    case "until": until
    default: nil
    }
  }
}
