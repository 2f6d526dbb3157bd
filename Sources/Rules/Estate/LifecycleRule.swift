/// One rule by which ECR lets images go (“Lifecycle policies”, Amazon ECR User Guide).
public struct LifecycleRule: Codable, Hashable, Sendable {
  /// The lower, the earlier it is applied.
  public var priority: Int64
  /// `any`, `tagged` or `untagged`.
  public var tagStatus: String
  /// What the tags must be like, each by one tag; wildcards.
  public var patterns: [String]
  /// `imageCountMoreThan`, `sinceImagePushed` and others.
  public var countType: String
  /// How many images, or days.
  public var count: Int64

  /// A rule.
  public init(
    priority: Int64, tagStatus: String, patterns: [String], countType: String, count: Int64
  ) {
    self.priority = priority
    self.tagStatus = tagStatus
    self.patterns = patterns
    self.countType = countType
    self.count = count
  }

  /// An image that goes within so long can't be relied on.
  public static let noticeMs = 7 * Span.day

  /// Whether the rule is about an image.
  func selects(_ image: ImageSummary) -> Bool {
    switch tagStatus {
    case "untagged": image.tags.isEmpty
    case "tagged":
      !image.tags.isEmpty
        && patterns.allSatisfy { pattern in image.tags.contains { Wildcard.matches($0, pattern) } }
    default: true
    }
  }
}

extension ImageFacts {
  /// Why an image is about to go, in words; nil when no rule takes it soon. The first rule that
  /// selects an image is the one that counts.
  public func expiry(of image: ImageSummary, at now: Moment) -> String? {
    let rules = lifecycle.sorted { $0.priority < $1.priority }
    guard let rule = rules.first(where: { $0.selects(image) }) else { return nil }
    switch rule.countType {
    case "sinceImagePushed":
      guard let pushed = image.pushedAt else { return nil }
      let (ms, overflow) = rule.count.multipliedReportingOverflow(by: Span.day)
      let end = pushed.adding(ms: overflow ? .max : ms)
      guard end.since(now) <= LifecycleRule.noticeMs else { return nil }
      return "Lifecycle rule \(rule.priority) removes it "
        + (end <= now ? "at any moment." : "within \(Span.about(ms: end.since(now))).")
    case "imageCountMoreThan":
      let selected = images.filter { each in rules.first { $0.selects(each) } == rule }
      let newest = selected.sorted { ($0.pushedAt?.ms ?? 0) > ($1.pushedAt?.ms ?? 0) }
      guard let place = newest.firstIndex(of: image).map({ Int64($0) + 1 }),
        place >= rule.count
      else { return nil }
      return place > rule.count
        ? "Lifecycle rule \(rule.priority) removes it at any moment."
        : "Lifecycle rule \(rule.priority) removes it with the next push."
    default: return nil
    }
  }
}

/// Text with `*` for any characters.
enum Wildcard {
  static func matches(_ text: String, _ pattern: String) -> Bool {
    var rest = text[...]
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, rest.hasPrefix(first) else { return false }
    rest = rest.dropFirst(first.count)
    guard parts.count > 1, let last = parts.last else { return rest.isEmpty }
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let end = Self.end(of: part, in: rest) else { return false }
      rest = rest[end...]
    }
    return rest.hasSuffix(last)
  }

  /// Where the first occurrence of a part ends.
  private static func end(of part: Substring, in text: Substring) -> Substring.Index? {
    text.indices.first { text[$0...].hasPrefix(part) }
      .map { text.index($0, offsetBy: part.count) }
  }
}
