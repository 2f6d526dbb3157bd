import OpenID
import Testing

/// JSON with one meaning.
@Suite struct StrictJSONTests {
  @Test func `JSON that two readers could read differently is not read`() {
    for text in [
      #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "{} {}", "{\"a\":01}", "[1,]", "\"\u{1}\"",
      #""\ud800""#, #""\x""#, "tru", "", "NaN", "{\"a\"}", "[1", "1e999", "{'a':1}",
      String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
    ] {
      #expect(StrictJSON(Array(text.utf8)) == nil, "\(text)")
    }
    #expect(StrictJSON([0x22, 0xff, 0x22]) == nil)
    let good = #" {"a": [true, null, -1.5e1], "b\n\u00e9\ud83c\udf0a": "x"} "#
    #expect(
      StrictJSON(Array(good.utf8))
        == .object(["a": .list([.boolean(true), .null, .number(-15)]), "b\né🌊": .text("x")]))
  }
}
