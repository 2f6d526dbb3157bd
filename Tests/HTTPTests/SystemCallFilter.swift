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
    let program: [Instruction] = [
      Instruction(code: load, k: 0), Instruction(code: ifEqual, ifFalse: 1, k: call.rawValue),
      Instruction(code: end, k: fail | UInt32(ENOSYS)), Instruction(code: end, k: pass),
    ]
    try program.withUnsafeBufferPointer { instructions in
      guard let start = instructions.baseAddress else { return }
      var filter = Filter(count: UInt16(instructions.count), start: UnsafeRawPointer(start))
      try withUnsafePointer(to: &filter) { filter in
        // Who may gain rights by a program it starts may set no filter.
        try system(prctl, noNewPrivileges, 1)
        try system(seccomp, setFilter, onEveryThread, filter)
      }
    }
  }

  // linux/filter.h: the word at an offset, which is 0 for the number of the call; a jump; the end.
  private static let (load, ifEqual, end): (UInt16, UInt16, UInt16) = (0x20, 0x15, 0x06)
  // linux/seccomp.h and linux/prctl.h.
  private static let (fail, pass): (UInt32, UInt32) = (0x0005_0000, 0x7fff_0000)
  private static let (setFilter, onEveryThread, noNewPrivileges) = (1, 1, 38)

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
