import Glibc

/// Why a directory of static files cannot be read.
public struct FileProblem: Error, CustomStringConvertible {
  /// Where it happened.
  public let path: String
  /// The number the system gave (errno(3)).
  public let number: Int32

  /// A sentence.
  public var description: String { "\(path) cannot be read: \(String(cString: strerror(number)))." }
}

/// The regular files below a directory, by their paths below it.
struct FileTree {
  /// When they were changed in seconds since 1970; 0 for what says that it was before.
  private(set) var files: [(path: String, body: [UInt8], modifiedAt: Int)] = []

  init(directory: String) throws(FileProblem) {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileProblem(path: directory, number: errno) }
    try addFiles(in: descriptor, named: directory, below: "")
  }

  /// Takes over the descriptor.
  private mutating func addFiles(
    in directory: Int32, named name: String, below prefix: String
  ) throws(FileProblem) {
    guard let stream = fdopendir(directory) else {
      let problem = FileProblem(path: name, number: errno)
      close(directory)
      throw problem
    }
    defer { closedir(stream) }
    while let child = try Self.next(in: stream, named: name) {
      if child.hasPrefix(".") { continue }
      try addEntry(child, in: directory, below: prefix)
    }
  }

  /// The name of the next entry; nil at the end.
  private static func next(
    in stream: OpaquePointer, named name: String
  ) throws(FileProblem) -> String? {
    // By errno alone an error differs from the end (readdir(3)).
    errno = 0
    guard let entry = readdir(stream) else {
      guard errno == 0 else { throw FileProblem(path: name, number: errno) }
      return nil
    }
    return withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) }
  }

  private mutating func addEntry(
    _ name: String, in directory: Int32, below prefix: String
  ) throws(FileProblem) {
    let path = prefix + name
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    let descriptor = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if descriptor < 0, errno == ELOOP { return }
    guard descriptor >= 0 else { throw FileProblem(path: path, number: errno) }
    var facts = stat()
    fstat(descriptor, &facts)
    if facts.st_mode & S_IFMT == S_IFDIR {
      return try addFiles(in: descriptor, named: path, below: path + "/")
    }
    defer { close(descriptor) }
    guard facts.st_mode & S_IFMT == S_IFREG else { return }
    files.append((path, try Self.read(descriptor, named: path), max(0, facts.st_mtim.tv_sec)))
  }

  private static func read(_ descriptor: Int32, named path: String) throws(FileProblem) -> [UInt8] {
    var body: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileProblem(path: path, number: errno) }
      if count == 0 { return body }
      body.append(contentsOf: buffer[..<count])
    }
  }
}
