private import CSys

/// The memory of this process: who may read it, and what of it is let go of.
public enum ProcessMemory {
  /// Lets go of the pages of all loaded code and constants. A start reads through most of them
  /// once, and the kernel counts them as the process's own from then on; what is needed again comes
  /// back from its cache, a page fault for every 64 kB.
  public static func letGoOfCode() { csys_let_go_of_code() }

  /// Whether the kernel may dump it and other processes of the same user may attach to it.
  public static var isOpen: Bool {
    get { csys_get_dumpable() == 1 }
    set { _ = csys_set_dumpable(newValue ? 1 : 0) }
  }
}
