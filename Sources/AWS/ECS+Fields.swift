internal import Cryptography

extension ECS.TaskDefinition {
  /// Everything the definition says, as paths with values: `containerDefinitions.ghost.image`.
  /// What has a name is found by it, whatever its place in a list. Values of environment variables
  /// may be secret: only the beginning of their digest is here, which tells two values apart.
  public var fields: [String: String] {
    guard let value = try? JSONValue.decode(description) else { return [:] }
    var fields: [String: String] = [:]
    Self.add(value, at: [], to: &fields)
    return fields
  }

  /// How many characters of a digest stand for a value that is not shown.
  private static let digestLength = 12

  private static func add(
    _ value: JSONValue, at path: [String], to fields: inout [String: String]
  ) {
    let isHidden = path.contains("environment") && path.last == "value"
    switch value {
    case .object(let members):
      for (name, member) in members { add(member, at: path + [name], to: &fields) }
    case .array(let entries) where entries.allSatisfy { $0.members["name"]?.text != nil }:
      for entry in entries {
        add(entry, at: path + [entry.members["name"]?.text ?? ""], to: &fields)
      }
    case .null: break
    default:
      guard let bytes = try? value.canonicalBytes() else { return }
      let text = value.text ?? String(decoding: bytes, as: UTF8.self)
      fields[path.joined(separator: ".")] =
        isHidden
        ? "not shown, digest " + Hex.encode(SHA256.digest(bytes)).prefix(digestLength) : text
    }
  }
}
