import Foundation
import GRDB
import Glibc
import Portal

/// `CrashDrill FILE`: the portal of a configuration, told on standard input what to do.
///
///     poll      read AWS once, as at a start
///     crash N   kill this process at mark N from now: 2n − 1 is just before the nth commit, 2n
///               just after it
///
/// Each is answered by its own line.
@main
enum CrashDrill {
  static func main() async throws {
    let environment = ProcessInfo.processInfo.environment
    let configuration = try Configuration.load(
      file: CommandLine.arguments.last ?? "", environment: environment)
    let portal = try Portal(
      configuration: configuration,
      world: World(sites: configuration.sites, environment: environment))
    _ = try Listener(portal).start()
    say("ready")
    while let line = readLine() {
      if line == "poll" {
        await portal.pollOnce()
      } else if let mark = line.split(separator: " ").last.flatMap({ Int($0) }) {
        portal.observeCommits(Crash(at: mark))
      }
      say(line)
    }
  }

  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}

/// Counts what comes before and after commits, and ends the process at one.
///
/// `@unchecked Sendable`: SQLite has one writer, and only its thread calls this.
private final class Crash: TransactionObserver, @unchecked Sendable {
  private var left: Int

  init(at mark: Int) { left = mark }

  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
  func databaseDidChange(with event: DatabaseEvent) {}
  func databaseWillCommit() { pass() }
  func databaseDidCommit(_ db: Database) { pass() }
  func databaseDidRollback(_ db: Database) {}

  private func pass() {
    left -= 1
    if left == 0 { kill(getpid(), SIGKILL) }
  }
}
