import Glibc

/// Has the kernel refuse a system call to this process from now on, as the profile of a container
/// may (seccomp(2)).
enum SystemCallFilter {
  /// A call, by its number on this machine.
  enum Call: UInt32 {
    #if arch(x86_64)
      case accept4 = 288
    #else
      case accept4 = 242
    #endif
  }

  struct Refused: Error { let number: Int32 }

  /// Lets `call` fail with ENOSYS on every thread.
  static func refuse(_ call: Call) throws {
    // Four instructions: load the number, let all others pass, fail, pass (linux/filter.h).
    let program: [Instruction] = [
      Instruction(code: 0x20, k: 0), Instruction(code: 0x15, ifFalse: 1, k: call.rawValue),
      Instruction(code: 0x06, k: 0x0005_0000 | UInt32(ENOSYS)),
      Instruction(code: 0x06, k: 0x7fff_0000),
    ]
    try program.withUnsafeBufferPointer { instructions in
      guard let start = instructions.baseAddress else { return }
      var filter = Filter(count: UInt16(instructions.count), start: UnsafeRawPointer(start))
      try withUnsafePointer(to: &filter) { filter in
        // Who may gain rights by a program it starts may set no filter.
        try system(prctl, 38, 1)
        try system(seccomp, 1, 1, filter)
      }
    }
  }

  private struct Instruction {
    var code: UInt16
    var ifTrue: UInt8 = 0
    var ifFalse: UInt8 = 0
    var k: UInt32
  }

  private struct Filter {
    var count: UInt16
    var start: UnsafeRawPointer
  }

  #if arch(x86_64)
    private static let (prctl, seccomp) = (157, 317)
  #else
    private static let (prctl, seccomp) = (167, 277)
  #endif

  private typealias SystemCall = @convention(c) (Int, Int, Int, UnsafeRawPointer?, Int, Int) -> Int

  /// syscall(2), which takes as many arguments as one likes, so that Swift does not see it.
  private static func system(
    _ number: Int, _ first: Int, _ second: Int, _ third: UnsafeRawPointer? = nil
  ) throws {
    guard let address = dlsym(nil, "syscall") else { throw Refused(number: ENOSYS) }
    let call = unsafeBitCast(address, to: SystemCall.self)
    guard call(number, first, second, third, 0, 0) == 0 else { throw Refused(number: errno) }
  }
}
