/// The Merkle tree of a list that only grows (RFC 6962 §2.1, RFC 9162 §2.1), kept as the roots of
/// its complete subtrees: log2(n) hashes stand for n entries, and one more entry needs no other.
public struct MerkleRange: Sendable, Equatable {
  /// The largest list, in entries: what every JSON reader keeps exactly.
  public static let sizeMax: Int64 = 1 << 53

  /// How many entries there are.
  public private(set) var size: Int64 = 0
  /// Roots of the complete subtrees, largest and leftmost first: one for each bit of `size`.
  private var subtrees: [[UInt8]] = []

  /// The empty list.
  public init() {}

  /// A list as ``frontier`` kept it; nil when the bytes can't be those of so many entries.
  public init?(size: Int64, frontier: [UInt8]) {
    guard 0...Self.sizeMax ~= size,
      frontier.count == size.nonzeroBitCount * SHA256.digestLength
    else { return nil }
    self.size = size
    subtrees = stride(from: 0, to: frontier.count, by: SHA256.digestLength).map {
      Array(frontier[$0..<$0 + SHA256.digestLength])
    }
  }

  /// The hash of an entry: SHA-256(0x00 ‖ entry).
  public static func leaf(of entry: [UInt8]) -> [UInt8] { SHA256.digest([0] + entry) }

  /// The hash of two neighbours: SHA-256(0x01 ‖ left ‖ right).
  static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    SHA256.digest([1] + left + right)
  }

  /// Adds the hash of one more entry.
  public mutating func append(leaf: [UInt8]) { append(leaf: leaf) { _, _ in } }

  /// - Parameter complete: is given every subtree that this entry completes.
  mutating func append(leaf: [UInt8], complete: (MerklePlace, [UInt8]) -> Void) {
    var hash = leaf
    var place = MerklePlace(level: 0, index: size)
    complete(place, hash)
    // A right sibling completes its parent, whose left half is the last subtree.
    while !place.index.isMultiple(of: 2), let left = subtrees.popLast() {
      hash = Self.node(left, hash)
      place = MerklePlace(level: place.level + 1, index: place.index / 2)
      complete(place, hash)
    }
    subtrees.append(hash)
    size += 1
  }

  /// The hash that stands for the whole list; of the empty one, SHA-256 of nothing.
  public var root: [UInt8] { root(from: 0) ?? SHA256.digest([]) }

  /// The complete subtrees as bytes, 32 for each.
  public var frontier: [UInt8] { subtrees.flatMap { $0 } }

  /// The root over the entries from `start` on, which must be where a subtree begins; nil when
  /// there are none.
  func root(from start: Int64) -> [UInt8]? {
    var left = size
    var root: [UInt8]?
    for subtree in subtrees.reversed() {
      left -= left & -left
      guard left >= start else { break }
      root = root.map { Self.node(subtree, $0) } ?? subtree
    }
    return root
  }
}

/// Where a subtree stands: over the entries from `index << level` on, `1 << level` of them.
struct MerklePlace: Hashable {
  let level: Int
  let index: Int64
}
