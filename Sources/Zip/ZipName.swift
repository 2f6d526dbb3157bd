/// The names of entries: relative, in UTF-8, the same everywhere.
enum ZipName {
  /// The longest name, in bytes.
  static let bytesMax = 253

  /// - Parameter bytes: a folder's name ends in a slash.
  static func parse(_ bytes: [UInt8], depthMax: Int) throws(ZipProblem) -> String {
    guard let name = String(validating: bytes, as: UTF8.self) else {
      throw .badName(name: String(decoding: bytes, as: UTF8.self), why: "is not UTF-8")
    }
    if let why = fault(of: name, depthMax: depthMax) { throw .badName(name: name, why: why) }
    return name
  }

  private static func fault(of name: String, depthMax: Int) -> String? {
    let bytes = Array(name.utf8)
    if bytes.isEmpty { return "is empty" }
    if bytes.count > bytesMax { return "is longer than \(bytesMax) bytes" }
    if name.unicodeScalars.contains(where: isInvisible) {
      return "has a control character or one that can't be seen"
    }
    if bytes.contains(UInt8(ascii: "\\")) { return "has a backslash" }
    if bytes[0] == UInt8(ascii: "/") { return "begins at the root of the disk" }
    if bytes.count > 1, bytes[1] == UInt8(ascii: ":") { return "begins with a drive" }
    var parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    for part in parts {
      if part.isEmpty { return "has an empty folder in it" }
      if part.elementsEqual("..".utf8) { return "leads out of its folder" }
      if part.elementsEqual(".".utf8) { return "has a dot for a folder" }
    }
    return parts.count > depthMax ? "is more than \(depthMax) folders deep" : nil
  }

  /// Controls, and marks that change how the text around them is shown.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}

/// The names seen so far, as a disk sees them that knows no case.
struct ZipNames {
  private var files: [String: String] = [:]
  private var folders: [String: String] = [:]
  private var named: Set<String> = []

  /// Adds a name with the folders it implies.
  /// - Throws: `.sameName` when a file or folder of this name is there, or one that only differs in
  ///   case, or when it has to be a file and a folder.
  mutating func add(_ name: String) throws(ZipProblem) {
    let isFolder = name.hasSuffix("/")
    let path = isFolder ? String(name.dropLast()) : name
    var end = path.startIndex
    while let slash = path[end...].firstIndex(of: "/") {
      try addFolder(String(path[..<slash]), for: name)
      end = path.index(after: slash)
    }
    let key = Self.key(path)
    if isFolder {
      try addFolder(path, for: name)
      guard named.insert(key).inserted else { throw .sameName(name: name, other: name) }
    } else {
      if let other = files[key] ?? folders[key] { throw .sameName(name: name, other: other) }
      files[key] = name
    }
  }

  private mutating func addFolder(_ path: String, for name: String) throws(ZipProblem) {
    let key = Self.key(path)
    if let file = files[key] { throw .sameName(name: name, other: file) }
    guard let known = folders[key] else {
      folders[key] = path
      return
    }
    // By bytes: as strings, composed and decomposed letters would be one.
    guard known.utf8.elementsEqual(path.utf8) else { throw .sameName(name: name, other: known) }
  }

  /// Equal, as strings are, for names in other cases and other compositions of letters.
  private static func key(_ path: String) -> String { path.uppercased().lowercased() }
}
