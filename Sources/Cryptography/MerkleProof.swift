/// Proofs about a list that only grows, held against its root alone (RFC 9162 §2.1.3).
public enum MerkleProof {
  /// Whether `proof` shows that a leaf is entry `index`, from 0, of the `size` entries with `root`.
  public static func isIncluded(
    leaf: [UInt8], index: Int64, size: Int64, root: [UInt8], proof: [[UInt8]]
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    var node = index
    var last = size - 1
    var hash = leaf
    for step in proof {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = MerkleRange.node(step, hash)
        // Levels at which a node at the right edge has no sibling.
        while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
      } else {
        hash = MerkleRange.node(hash, step)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }
}

/// Finds the proofs of inclusion of a few entries while the whole list passes by once.
public struct MerkleProver {
  private var range = MerkleRange()
  private var wanted: Set<MerklePlace> = []
  private var found: [MerklePlace: [UInt8]] = [:]

  /// - Parameters:
  ///   - entries: whose inclusion is to be proved, from 0.
  ///   - size: how many entries the list has.
  public init(entries: [Int64], size: Int64) {
    for entry in entries { wanted.formUnion(Self.siblings(of: entry, size: size)) }
  }

  /// Takes the next leaf of the list.
  public mutating func append(leaf: [UInt8]) {
    range.append(leaf: leaf) { place, hash in
      if wanted.contains(place) { found[place] = hash }
    }
  }

  /// The root of what has passed by.
  public var root: [UInt8] { range.root }

  /// The proof for one of the entries, once the whole list has passed by.
  public func proof(of entry: Int64) -> [[UInt8]] {
    Self.siblings(of: entry, size: range.size).compactMap {
      // What is not complete is the right edge.
      found[$0] ?? range.root(from: $0.index << Int64($0.level))
    }
  }

  /// What stands beside the way from an entry to the root, from below.
  private static func siblings(of entry: Int64, size: Int64) -> [MerklePlace] {
    let height = Int64.bitWidth - max(size - 1, 0).leadingZeroBitCount
    return (0..<height).map { MerklePlace(level: $0, index: (entry >> Int64($0)) ^ 1) }
      .filter { $0.index << Int64($0.level) < size }
  }
}
