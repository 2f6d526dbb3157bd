import HTTP

/// Dumps of this process's memory.
public enum Dumps {
  /// Has the kernel make none from now on, and lets no process of the same user read it.
  public static func forbid() { ProcessMemory.isOpen = false }
}
