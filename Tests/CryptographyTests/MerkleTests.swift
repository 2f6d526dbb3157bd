import Testing

@testable import Cryptography

/// The eight leaves and roots of Certificate Transparency's own tests, and a naive tree after the
/// words of RFC 6962 §2.1.
struct MerkleTests {
  static let leaves = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ].compactMap(Hex.decode)

  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  static let inclusion: [(index: Int, size: Int, proof: [String])] = [
    (0, 1, []),
    (
      0, 8,
      [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ]
    ),
    (
      5, 8,
      [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ]
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
  ]

  /// MTH and PATH as RFC 6962 §2.1 writes them.
  private struct Naive {
    static func half(_ count: Int) -> Int {
      var half = 1
      while half * 2 < count { half *= 2 }
      return half
    }

    static func root(_ list: ArraySlice<[UInt8]>) -> [UInt8] {
      guard let first = list.first else { return SHA256.digest([]) }
      guard list.count > 1 else { return SHA256.digest([0] + first) }
      let half = half(list.count)
      return SHA256.digest([1] + root(list.prefix(half)) + root(list.dropFirst(half)))
    }

    static func path(_ index: Int, _ list: ArraySlice<[UInt8]>) -> [[UInt8]] {
      guard list.count > 1 else { return [] }
      let half = half(list.count)
      return index < half
        ? path(index, list.prefix(half)) + [root(list.dropFirst(half))]
        : path(index - half, list.dropFirst(half)) + [root(list.prefix(half))]
    }
  }

  private func range(_ entries: ArraySlice<[UInt8]>) -> MerkleRange {
    var range = MerkleRange()
    for entry in entries { range.append(leaf: MerkleRange.leaf(of: entry)) }
    return range
  }

  @Test(arguments: 0...8)
  func `the roots are those of Certificate Transparency`(count: Int) {
    #expect(Hex.encode(range(Self.leaves.prefix(count)).root) == Self.roots[count])
  }

  @Test(arguments: inclusion)
  func `a known proof of inclusion is found and holds`(
    index: Int, size: Int, proof: [String]
  ) throws {
    var prover = MerkleProver(entries: [Int64(index)], size: Int64(size))
    for leaf in Self.leaves.prefix(size) { prover.append(leaf: MerkleRange.leaf(of: leaf)) }
    #expect(prover.proof(of: Int64(index)).map(Hex.encode) == proof)
    #expect(
      MerkleProof.isIncluded(
        leaf: MerkleRange.leaf(of: Self.leaves[index]), index: Int64(index), size: Int64(size),
        root: try #require(Hex.decode(Self.roots[size])), proof: proof.compactMap(Hex.decode)))
  }

  @Test func `every size up to 70 has the root and the proofs of the naive tree`() {
    let entries = (0..<70).map { [UInt8($0), 0xCA] }
    for size in 1...entries.count {
      let list = entries.prefix(size)
      let root = Naive.root(list)
      #expect(range(list).root == root)
      var prover = MerkleProver(entries: (0..<Int64(size)).map { $0 }, size: Int64(size))
      for entry in list { prover.append(leaf: MerkleRange.leaf(of: entry)) }
      for index in 0..<size {
        let proof = prover.proof(of: Int64(index))
        #expect(proof == Naive.path(index, list))
        #expect(
          MerkleProof.isIncluded(
            leaf: MerkleRange.leaf(of: entries[index]), index: Int64(index), size: Int64(size),
            root: root, proof: proof))
      }
    }
  }

  @Test func `a proof with anything else in it does not hold`() throws {
    let entries = (0..<13).map { [UInt8($0)] }
    let list = entries[...]
    let root = Naive.root(list)
    let leaf = MerkleRange.leaf(of: entries[4])
    let proof = Naive.path(4, list)
    func isIncluded(
      _ leaf: [UInt8], _ index: Int64, _ size: Int64, _ root: [UInt8], _ proof: [[UInt8]]
    ) -> Bool {
      MerkleProof.isIncluded(leaf: leaf, index: index, size: size, root: root, proof: proof)
    }
    #expect(isIncluded(leaf, 4, 13, root, proof))
    for index in [-1, 0, 3, 5, 12, 13, Int64.max] {
      #expect(!isIncluded(leaf, index, 13, root, proof))
    }
    for size in [-1, 0, 4, 5, 8, Int64.max] { #expect(!isIncluded(leaf, 4, size, root, proof)) }
    #expect(!isIncluded(MerkleRange.leaf(of: entries[5]), 4, 13, root, proof))
    #expect(!isIncluded(leaf, 4, 13, root, proof + [root]))
    #expect(!isIncluded(leaf, 4, 13, root, proof.dropLast()))
    #expect(!isIncluded(leaf, 4, 13, Naive.root(list.dropLast()), proof))
  }

  @Test func `a frontier that was kept goes on as if it had not been`() throws {
    let entries = (0..<40).map { [UInt8($0)] }
    for cut in 0...40 {
      let kept = range(entries.prefix(cut))
      var again = try #require(MerkleRange(size: Int64(cut), frontier: kept.frontier))
      for entry in entries.dropFirst(cut) { again.append(leaf: MerkleRange.leaf(of: entry)) }
      #expect(again.root == Naive.root(entries[...]))
    }
  }

  @Test(arguments: [(-1, 0), (1, 0), (0, 32), (3, 32), (3, 65), (Int64.max, 63 * 32)])
  func `bytes that are no frontier are refused`(size: Int64, count: Int) {
    #expect(MerkleRange(size: size, frontier: [UInt8](repeating: 0, count: count)) == nil)
  }
}
