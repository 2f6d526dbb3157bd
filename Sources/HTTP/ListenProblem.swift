import Glibc

/// Why a server cannot listen. Its description is a sentence for whoever started it.
public enum ListenProblem: Error, Equatable, CustomStringConvertible {
  /// Another process, or another server here, has the port.
  case portInUse(Int)
  /// Ports below 1024 need a permission.
  case portNotAllowed(Int)
  /// Not between 0 and 65535.
  case badPort(Int)
  /// Not a numeric address, or not one of this machine.
  case badAddress(String)
  /// A server starts once.
  case alreadyStarted
  /// A system call failed for another reason (errno(3)).
  case system(call: String, number: Int32)

  /// The sentence.
  public var description: String {
    switch self {
    case .portInUse(let port): "Port \(port) is in use. Stop what listens there or choose another."
    case .portNotAllowed(let port):
      "Port \(port) may not be opened by this user. Choose one from 1024 on."
    case .badPort(let port): "\(port) is not a port; ports are 0 to 65535."
    case .badAddress(let address): "\(address) is not a numeric address of this machine."
    case .alreadyStarted: "The server has been started before."
    case .system(let call, let number):
      "The server cannot listen: \(call) says \"\(String(cString: strerror(number)))\"."
    }
  }
}
