import Mustache
import Testing

struct CommentTests {
  @Test func `a comment prints nothing, over one line or many`() throws {
    #expect(try render("12345{{! Comment }}67890") == "1234567890")
    #expect(try render("12345{{!\n  This is\n  a comment\n}}67890") == "1234567890")
    #expect(try render("{{! no such {field} < > & }}x") == "x")
  }

  @Test func `a line with nothing but a comment vanishes`() throws {
    #expect(try render("Begin.\n  {{! Comment }}\nEnd.\n") == "Begin.\nEnd.\n")
    #expect(try render("|\r\n{{! x }}\r\n|") == "|\r\n|")
    #expect(try render("  {{! I'm first }}\n!") == "!")
    #expect(try render("!\n  {{! I'm last }}") == "!\n")
    #expect(try render("Begin.\n{{!\nlong\n}}\nEnd.\n") == "Begin.\nEnd.\n")
    #expect(try render("  12 {{! 34 }}\n") == "  12 \n")
  }
}
