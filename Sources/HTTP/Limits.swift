/// What one client may take of the server. Past a limit the request is refused or the connection
/// closed; nothing grows without one of these.
public struct Limits: Sendable {
  /// The request line without its line end, in bytes. Longer: 414 (RFC 9112 §3).
  public var requestLineBytesMax = 8_192
  /// All field lines of a head with their line ends, in bytes; trailers have as much again.
  /// More: 431 (RFC 6585 §5).
  public var headerBytesMax = 32_768
  /// Field lines of a head; trailers have as many again. More: 431.
  public var headerFieldsMax = 100
  /// A body after chunks are put together, in bytes. Larger: 413.
  public var bodyBytesMax = 1_048_576
  /// A body that goes to a file, in bytes. Larger: 413.
  public var uploadBytesMax = 83_886_080
  /// Bodies that are in files at the same time, of all loops. One more is answered 503.
  public var uploadsMax = 4
  /// What of a body that goes to a file, or comes from one, is in memory, in bytes. Nothing more is
  /// read of it while this is written.
  public var uploadBlockBytes = 262_144
  /// A line with the size of a chunk and its extensions, in bytes. Longer: 400.
  public var chunkLineBytesMax = 256
  /// Bytes read from a connection at a time. Pipelined requests wait here while the one before them
  /// is answered, and no more is read meanwhile.
  public var readBytesMax = 16_384
  /// Connections of all loops together. One more is answered 503 and closed.
  public var connectionsMax = 8_192
  /// From the first byte of a request (or the opening of the connection) to the end of its head.
  public var headerTimeoutMs = 10_000
  /// From the end of the head to the end of the body.
  public var bodyTimeoutMs = 30_000
  /// From one block of a body that goes to a file to the next; with `uploadBlockBytes` this is the
  /// lowest rate, about 9 kB/s.
  public var uploadBlockTimeoutMs = 30_000
  /// From the end of the head to the end of a body that goes to a file.
  public var uploadTimeoutMs = 600_000
  /// From an answer to the first byte of the next request.
  public var keepAliveTimeoutMs = 60_000
  /// From the first byte of an answer until the client has taken the last; of a file, the same for
  /// each block.
  public var writeTimeoutMs = 60_000
  /// How long the server goes on reading after its last answer, so that the client gets to read it
  /// before a reset could take it away (RFC 9112 §9.6).
  public var lingerTimeoutMs = 5_000

  /// Limits for pages and forms.
  public init() {}
}
