/// Something before and after what an entry of the log tells of.
public struct AuditDifference: Hashable, Sendable {
  /// What it is.
  public let label: String
  /// What it was; nil when there was nothing, or the entry does not say.
  public let before: String?
  /// What it became.
  public let after: String

  /// A difference.
  public init(label: String, before: String?, after: String) {
    self.label = label
    self.before = before
    self.after = after
  }

  /// What an entry with this data changed.
  public static func all(in data: Canonical) -> [AuditDifference] {
    func words(_ key: String) -> String? {
      data[key]?.text.map { ChangeState(rawValue: $0)?.words ?? $0 }
    }
    return [("State", "state"), ("Role", "role")].compactMap { label, key in
      words(key).map { AuditDifference(label: label, before: words("before"), after: $0) }
    }
  }
}
