extension Collection<String> {
  /// Names in a sentence, `Ana or Ben`; of more than one reads, the first and how many others.
  public func listed(_ separator: String, atMost limit: Int = 5) -> String {
    guard count > limit + 1 else { return joined(separator: separator) }
    return prefix(limit).joined(separator: separator) + separator + "\(count - limit) others"
  }
}
