import Rules
import Testing

@Suite struct CanonicalTests {
  private func text(_ value: Canonical) -> String { String(decoding: value.bytes, as: UTF8.self) }

  @Test func `keys are sorted, nothing is spaced (RFC 8785 §3.2.3)`() {
    let value = Canonical.object([
      "b": .integer(-7), "a_1": .array([.boolean(true), .string("x")]), "a": .object([:]),
    ])
    #expect(text(value) == #"{"a":{},"a_1":[true,"x"],"b":-7}"#)
  }

  @Test func `control characters have their one escape (RFC 8785 §3.2.2.2)`() {
    let value = Canonical.string("\u{0}\u{8}\t\n\u{C}\r\u{1F}\"\\/é😀")
    #expect(text(value) == #""\u0000\b\t\n\f\r\u001f\"\\/é😀""#)
  }

  @Test func `what was encoded reads back`() {
    let value = Canonical.array([
      .string("\u{1F}"), .integer(Canonical.integerMax), .integer(-Canonical.integerMax),
      .object(["k": .array([])]),
    ])
    #expect(Canonical(canonical: value.bytes) == value)
  }

  @Test(arguments: [
    "", " 1", "1 ", "01", "-0", "+1", "1.0", "1e3", "null", "nul", "tru", "\"", "\"\\x\"",
    "\"\\u0041\"", "\"\\/\"", "\"\\u001F\"", "[1,]", "[1 ,2]", "{\"a\":1,}", "{\"b\":1,\"a\":2}",
    "{\"a\":1,\"a\":1}", "{\"a\" :1}", "9007199254740992", "99999999999999999999999", "[", "{\"a\"",
    "\"\\u00", "[1][2]", "{\"A\":1}", "{\"\":1}", "{\"é\":1}", "{\"a b\":1}",
  ])
  func `anything but the one encoding is refused`(sample: String) {
    #expect(Canonical(canonical: Array(sample.utf8)) == nil)
  }

  @Test func `every byte has one way to be written, and no other reads back`() {
    for byte in UInt8(0)..<0x80 {
      let value = Canonical.string(String(UnicodeScalar(byte)))
      #expect(Canonical(canonical: value.bytes) == value)
      let digits = (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
      for escape in ["\\u00" + digits, "\\u00" + digits.uppercased()] {
        let sample = Array("\"\(escape)\"".utf8)
        #expect((Canonical(canonical: sample) != nil) == (sample == value.bytes), "\(escape)")
      }
    }
  }

  @Test func `what reads back is what is written, whatever byte is changed, added or left out`() {
    let value = Canonical.object([
      "a": .array([.integer(0), .integer(-10), .boolean(false)]), "at": .integer(1_795_348_800_000),
      "b_1": .object(["none": .string(""), "note": .string("“é”\n\u{1}\"\\")]),
      "empty": .array([.object([:]), .array([])]),
    ])
    let bytes = value.bytes
    var read = 0
    for index in bytes.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = bytes
        changed[index] = byte
        var longer = bytes
        longer.insert(byte, at: index)
        for sample in [changed, longer] {
          guard let found = Canonical(canonical: sample) else { continue }
          read += 1
          #expect(found.bytes == sample)
        }
      }
      var shorter = bytes
      shorter.remove(at: index)
      #expect(Canonical(canonical: shorter).map { $0.bytes == shorter } ?? true)
    }
    #expect(read > bytes.count)
  }

  @Test func `invalid UTF-8 is refused`() {
    #expect(Canonical(canonical: [0x22, 0xC3, 0x28, 0x22]) == nil)
    #expect(Canonical(canonical: [0x22, 0xED, 0xA0, 0x80, 0x22]) == nil)
  }

  @Test func `nesting past the limit is refused, not followed`() {
    let deep = Array(String(repeating: "[", count: 100_000).utf8)
    #expect(Canonical(canonical: deep) == nil)
    let allowed = (0..<Canonical.depthMax).reduce(Canonical.array([])) { value, _ in
      .array([value])
    }
    #expect(Canonical(canonical: allowed.bytes) == allowed)
  }
}

@Suite struct PlanTests {
  @Test func `a plan reads back from its bytes`() {
    let plan = Samples.plan()
    #expect(Plan(bytes: plan.bytes) == plan)
  }

  @Test func `a price that is not known stays not known`() throws {
    let plan = Samples.plan(cost: Samples.cost(afterNano: nil))
    let read = try #require(Plan(bytes: plan.bytes))
    #expect(read.cost.lines[0].rateAfter == nil)
    #expect(read.cost.monthlyDifference == nil)
  }

  @Test func `no byte of a plan can be cut off or changed into another valid encoding unseen`() {
    let bytes = Samples.plan().bytes
    for length in 0..<bytes.count { #expect(Plan(bytes: Array(bytes.prefix(length))) == nil) }
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      #expect(Plan(bytes: changed)?.bytes ?? changed == changed)
    }
  }

  @Test func `two plans of the same thing are the same bytes`() {
    #expect(Samples.plan().bytes == Samples.plan().bytes)
    #expect(Samples.plan().bytes != Samples.plan(title: "Other").bytes)
  }
}
