public import Foundation
import Glibc

/// A program that tests run beside themselves, with pipes to its input and from its output. Its
/// input is closed with it.
///
/// Foundation's own copies 256 bytes of every directory entry in `/proc/self/fd` before it starts
/// a program, also where fewer belong to it: at the end of a memory mapping that stops the tests.
public final class ChildProcess: Sendable {
  /// Where what the program says of its troubles goes.
  public enum Complaints: Sendable {
    /// To where those of the tests go.
    case shown
    /// Nowhere.
    case dropped
    /// Into the output.
    case inOutput
  }

  /// Why a program could not be started or waited for: the number the system gave (errno(3)).
  public struct Problem: Error {
    let number: Int32
  }

  /// What the program reads.
  public let input: FileHandle
  /// What the program writes.
  public let output: FileHandle
  private let ending: Ending
  /// One at a time: between the making of a pipe and its mark another program would get it too.
  private static let starting = NSLock()

  /// Starts a program.
  /// - Parameters:
  ///   - command: the program, looked for in PATH, and what it is told.
  ///   - environment: what is added to the environment of the tests.
  ///   - complaints: where its standard error goes.
  public init(
    _ command: [String], environment: [String: String] = [:], complaints: Complaints = .shown
  ) throws(Problem) {
    Self.starting.lock()
    defer { Self.starting.unlock() }
    let (inputEnd, inputStart) = try Self.pipe()
    defer { close(inputEnd) }
    let (outputEnd, outputStart) = try Self.pipe()
    defer { close(outputStart) }
    input = FileHandle(fileDescriptor: inputStart, closeOnDealloc: true)
    output = FileHandle(fileDescriptor: outputEnd, closeOnDealloc: true)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, inputEnd, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, outputStart, STDOUT_FILENO)
    switch complaints {
    case .shown: break
    case .dropped:
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    case .inOutput: posix_spawn_file_actions_adddup2(&actions, outputStart, STDERR_FILENO)
    }
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    ending = Ending(
      of: try Self.spawn(command, variables.map { "\($0.key)=\($0.value)" }, &actions))
  }

  /// Reads the output to its end and waits for the program.
  /// - Returns: its exit status, 128 and the signal's number for one that a signal has ended, and
  ///   what it said.
  public func finish() throws -> (status: Int32, said: String) {
    let said = try output.readToEnd() ?? Data()
    return (ending.wait(), String(decoding: said, as: UTF8.self))
  }

  /// Reads a line of the output, without its end. What is read beyond it is lost.
  public func line() throws -> String {
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let data = output.availableData
      guard !data.isEmpty else { throw CocoaError(.fileReadUnknown) }
      line += data
    }
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  /// Where a peer answers: the first line it writes is `ready http://…`.
  public func readyURL() throws -> String {
    let (line, ready) = (try line(), "ready ")
    guard line.hasPrefix(ready + "http") else { throw CocoaError(.fileReadUnknown) }
    return String(line.dropFirst(ready.count))
  }

  private static func pipe() throws(Problem) -> (end: Int32, start: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw Problem(number: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ command: [String], _ variables: [String], _ actions: inout posix_spawn_file_actions_t
  ) throws(Problem) -> pid_t {
    var words = command.map { strdup($0) } + [nil]
    var environment = variables.map { strdup($0) } + [nil]
    defer { for text in words + environment { free(text) } }
    guard let program = command.first else { throw Problem(number: ENOENT) }
    var id: pid_t = 0
    let number = posix_spawnp(&id, program, &actions, nil, &words, &environment)
    guard number == 0 else { throw Problem(number: number) }
    return id
  }
}

/// The end of a program. It is waited for at once: what watches over tests that end themselves goes
/// round and round while a program has ended that nobody has waited for.
///
/// `@unchecked Sendable`: `condition` guards `status`.
private final class Ending: @unchecked Sendable {
  private let condition = NSCondition()
  private var status: Int32?

  init(of id: pid_t) {
    Thread { [self] in
      var state: Int32 = 0
      while waitpid(id, &state, 0) < 0, errno == EINTR {}
      let signal = state & 0x7F
      condition.withLock {
        status = signal == 0 ? state >> 8 & 0xFF : 128 + signal
        condition.broadcast()
      }
    }.start()
  }

  func wait() -> Int32 {
    condition.withLock {
      while true {
        if let status { return status }
        condition.wait()
      }
    }
  }
}
