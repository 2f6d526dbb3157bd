/// Bytes to be sent to one client, of which it may have taken some.
struct OutputBuffer {
  enum Result {
    /// The client has all of them.
    case sent
    /// It takes no more for now; an event will tell.
    case waits
    case broken
  }

  /// What is to be sent; emptied once it is.
  var bytes: [UInt8] = []
  private var written = 0

  /// The memory that a waiting connection keeps, in bytes.
  private static let capacityKept = 8_192

  /// Sends as much as the client takes.
  mutating func send(over socket: Socket) -> Result {
    while written < bytes.count {
      let result = bytes.withUnsafeBytes { all in
        socket.write(UnsafeRawBufferPointer(rebasing: all[written...]))
      }
      switch result {
      case .bytes(let count): written += count
      case .wouldBlock: return .waits
      case .ended, .failed: return .broken
      }
    }
    if bytes.capacity > Self.capacityKept { bytes = [] }
    bytes.removeAll(keepingCapacity: true)
    written = 0
    return .sent
  }
}
