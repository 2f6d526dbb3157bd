import Rules
import Testing

/// Names in sentences.
@Suite struct NameListTests {
  @Test func `as many as one reads are named, and of a crowd the first`() {
    let names = (1...500).map { "P\($0)" }
    #expect(names.prefix(0).listed(", ") == "")
    #expect(names.prefix(2).listed(" or ") == "P1 or P2")
    #expect(names.prefix(6).listed(", ") == "P1, P2, P3, P4, P5, P6")
    #expect(names.listed(" or ") == "P1 or P2 or P3 or P4 or P5 or 495 others")
  }
}
