import Foundation
import Glibc
import Portal

/// Whole sweeps of sites, as the portal polls them.
enum Sweeps {
  /// Polls every site of a configuration, one sweep after the other, with a pause between.
  static func measure(_ file: String, count: Int, pauseS: Int) async throws {
    let environment = ProcessInfo.processInfo.environment
    let configuration = try Configuration.load(file: file, environment: environment)
    let world = World(sites: configuration.sites, environment: environment)
    let portal = try Portal(configuration: configuration, world: world)
    for round in 0..<count {
      if round > 0 { try await Task.sleep(for: .seconds(pauseS)) }
      let before = processorMs()
      let wall = await ContinuousClock().measure { await portal.pollOnce() }
      say("\(wall / .milliseconds(1))\t\(processorMs() - before)\t\(residentKiB())")
    }
  }

  /// What all threads of this process have spent so far, user and system (clock_gettime(2)).
  private static func processorMs() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
  }

  /// What it holds of the machine's memory now (proc(5), statm).
  private static func residentKiB() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ")
    let pages = fields.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_024
  }

  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}
