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
  /// The theme that the home page says it was made with, `ghost-blog-theme 1.4.0`; nil where it
  /// says nothing.
  public var pageTheme: String?
  /// The name of the theme that Ghost's settings have as the active one; nil where it is not told.
  public var activeTheme: String?
  /// The active theme's version as its package.json on Ghost's disk has it; nil where it is not
  /// told.
  public var activeVersion: String?
  /// Why Ghost did not tell it although there is a key, in words; nil where it did.
  public var keyProblem: String?

  /// Facts, as read.
  public init(
    url: String, status: Int64, ms: Int64, missingTheme: String?, redirectsTo: String?,
    version: String, title: String, certificateUntil: Moment?, problem: String? = nil,
    isStarting: Bool = false, pageTheme: String? = nil, activeTheme: String? = nil,
    activeVersion: String? = nil
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
    self.pageTheme = pageTheme
    self.activeTheme = activeTheme
    self.activeVersion = activeVersion
  }
}
