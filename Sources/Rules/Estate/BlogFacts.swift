/// What was read of the site, as a reader sees it.
public struct BlogFacts: Observed {
  /// What they are facts of.
  public static let subject = Subject.blog

  /// The address.
  public var url: String
  /// The home page's HTTP status; 0 where no page came.
  public var status: Int64
  /// How long the home page took, in milliseconds.
  public var ms: Int64
  /// The theme that Ghost says is missing; nil when none is.
  public var missingTheme: String?
  /// Where the home page sends on to another host; nil when it does not.
  public var redirectsTo: String?
  /// Ghost's version as the site endpoint tells it, `5.87`; empty when not told.
  public var version: String
  /// The blog's title; empty when not told.
  public var title: String
  /// Until when the certificate readers see is valid; nil without TLS.
  public var certificateUntil: Moment?
  /// Why no page came, in words; nil where one did.
  public var problem: String?
  /// Whether Ghost says that it is starting, which it does also while it migrates the database.
  public var isStarting: Bool

  /// Facts, as read.
  public init(
    url: String, status: Int64, ms: Int64, missingTheme: String?, redirectsTo: String?,
    version: String, title: String, certificateUntil: Moment?, problem: String? = nil,
    isStarting: Bool = false
  ) {
    self.url = url
    self.status = status
    self.ms = ms
    self.missingTheme = missingTheme
    self.redirectsTo = redirectsTo
    self.version = version
    self.title = title
    self.certificateUntil = certificateUntil
    self.problem = problem
    self.isStarting = isStarting
  }
}
