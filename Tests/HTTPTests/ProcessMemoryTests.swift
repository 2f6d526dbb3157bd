import Foundation
import Testing

@testable import HTTP

/// The memory of this process.
@Suite(.serialized) struct ProcessMemoryTests {
  @Test func `the kernel dumps no memory once it is closed`() {
    #expect(ProcessMemory.isOpen)
    ProcessMemory.isOpen = false
    #expect(!ProcessMemory.isOpen)
    ProcessMemory.isOpen = true
  }

  @Test func `code that was let go of is not resident, and runs when it is called`() throws {
    let before = try residentFileKiB()
    ProcessMemory.letGoOfCode()
    let after = try residentFileKiB()
    #expect(after < before)
  }

  /// What of mapped files is resident (proc(5)).
  private func residentFileKiB() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
    return try #require(line.split(separator: " ").dropLast().last.flatMap { Int($0) })
  }
}
