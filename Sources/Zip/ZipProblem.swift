import Glibc

/// Why an archive can't be used, or can't be written. Its description is a sentence for the person
/// whose archive it is, and says what to do.
public enum ZipProblem: Error, Equatable, CustomStringConvertible {
  /// There is no end of a ZIP archive, or the file is cut off before it.
  case notAnArchive
  /// The archive, or a list in it, contradicts itself: what exactly, as half a sentence.
  case malformed(String)
  /// An entry contradicts itself: what exactly, as half a sentence.
  case malformedEntry(name: String, what: String)
  /// Large archives have a format of their own.
  case zip64
  /// The archive is one of several volumes.
  case severalVolumes
  case encrypted(name: String)
  /// Neither stored nor deflated; the number is of APPNOTE 4.4.5.
  case unknownMethod(name: String, method: Int)
  /// A link, a device or something else that is no file and no folder.
  case notAFile(name: String)
  /// A name that can't be unpacked safely everywhere: why, as half a sentence.
  case badName(name: String, why: String)
  /// Two names that are one on some systems.
  case sameName(name: String, other: String)
  /// Two files share bytes.
  case overlap(name: String)
  /// Bytes that belong to no file.
  case hiddenBytes
  case tooManyEntries(max: Int)
  case archiveTooLarge(bytesMax: Int)
  case entryTooLarge(name: String, bytesMax: Int)
  case totalTooLarge(bytesMax: Int)
  /// So much smaller packed than unpacked that it was made to fill disks.
  case bomb(ratioMax: Int)
  /// What was packed can't be unpacked, or is not what it was.
  case damaged(name: String)
  /// The file can't be read (errno(3)).
  case unreadable(number: Int32)
  /// The file can't be written (errno(3)).
  case unwritable(number: Int32)

  /// The sentence.
  public var description: String {
    switch self {
    case .notAnArchive: "This is not a ZIP archive, or it is cut off. Choose a .zip file."
    case .malformed(let what): "The archive contradicts itself: \(what). \(Self.packAgain)"
    case .malformedEntry(let name, let what):
      "The archive contradicts itself about \(shown(name)): \(what). \(Self.packAgain)"
    case .zip64: "The archive is in the Zip64 format, for archives past 4 GB. \(Self.packAgain)"
    case .severalVolumes: "The archive is one of several volumes. Pack it into one file."
    case .encrypted(let name): "\(shown(name)) is encrypted. Pack it without a password."
    case .unknownMethod(let name, let method):
      "\(shown(name)) is packed with method \(method). Pack it with deflate, as usual."
    case .notAFile(let name):
      "\(shown(name)) is a link or a device. Put the file itself in its place and pack again."
    case .badName(let name, let why): "The name \(shown(name)) \(why). Rename it and pack again."
    case .sameName(let name, let other):
      "\(shown(name)) and \(shown(other)) are one name on some systems. Rename one of them."
    case .overlap(let name): "\(shown(name)) shares its bytes with another. \(Self.packAgain)"
    case .hiddenBytes: "The archive holds bytes that belong to no file. \(Self.packAgain)"
    default: descriptionOfLimit
    }
  }

  private var descriptionOfLimit: String {
    switch self {
    case .tooManyEntries(let max): "The archive has more than \(max) entries. Leave some out."
    case .archiveTooLarge(let max): "The archive is larger than \(size(max)). Leave something out."
    case .entryTooLarge(let name, let max):
      "\(shown(name)) is larger than \(size(max)) unpacked. Make it smaller or leave it out."
    case .totalTooLarge(let max):
      "The archive is larger than \(size(max)) unpacked. Leave something out."
    case .bomb(let ratio):
      "What is packed is more than \(ratio) times larger unpacked, as in archives made to fill "
        + "disks. Leave out files that hold the same bytes over and over."
    case .damaged(let name): "\(shown(name)) is damaged. \(Self.packAgain)"
    case .unreadable(let number): "The archive can't be read: \(String(cString: strerror(number)))."
    case .unwritable(let number):
      "The archive can't be written: \(String(cString: strerror(number)))."
    default: "The archive can't be used."
    }
  }

  private static let packAgain = "Pack the folder again and send the new archive."

  private func size(_ bytes: Int) -> String {
    bytes >= 1_048_576 ? "\(bytes / 1_048_576) MiB" : "\(bytes) bytes"
  }

  /// A name in quotes, with everything replaced that would not stand there as it is.
  private func shown(_ name: String) -> String {
    let scalars = name.unicodeScalars.prefix(80).map { scalar -> Character in
      ZipName.isInvisible(scalar) ? "\u{FFFD}" : Character(scalar)
    }
    return "\"" + String(scalars) + (name.unicodeScalars.count > 80 ? "…" : "") + "\""
  }
}
