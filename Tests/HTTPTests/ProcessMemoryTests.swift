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
}
