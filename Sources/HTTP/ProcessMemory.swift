private import CSys

/// Who may read the memory of this process, where bodies and secrets stand.
public enum ProcessMemory {
  /// Whether the kernel may dump it and other processes of the same user may attach to it.
  public static var isOpen: Bool {
    get { csys_get_dumpable() == 1 }
    set { _ = csys_set_dumpable(newValue ? 1 : 0) }
  }
}
