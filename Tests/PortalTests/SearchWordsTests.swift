import Testing

@testable import Portal

@Suite struct SearchWordsTests {
  private func words(_ typed: String) throws -> SearchWords { try SearchWords(typed) }

  @Test func `words are runs of letters and digits, without case and accents`() throws {
    #expect(try words("arn:aws:ecs:us-west-2").all == ["arn", "aws", "ecs", "us", "west", "2"])
    #expect(try words("Größe CAFÉ cafe\u{301}").all == ["große", "cafe", "cafe"])
    #expect(try words("\"' * ( ) : ^ - + {}").all == [])
    #expect(try words("NOT a AND b OR NEAR").all == ["not", "a", "and", "b", "or", "near"])
  }

  @Test func `a text fits where each word begins one of its own`() throws {
    #expect(try words("back data").match("The database keeps backups"))
    #expect(try !words("base").match("The database keeps backups"))
    #expect(try !words("data images").match("The database keeps backups"))
  }

  @Test func `what was looked for is marked, and nothing of the text is lost`() throws {
    let pieces = try words("data <b>").marked(in: "A <b>Database</b>, data.")
    #expect(pieces.map(\.text).joined() == "A <b>Database</b>, data.")
    #expect(pieces.filter(\.isMarked).map(\.text) == ["b", "Data", "b", "data"])
  }

  @Test func `of a long text the stretch around the first hit is shown`() throws {
    let text =
      String(repeating: "many words ", count: 60) + "needle "
      + String(
        repeating: "and more ", count: 60)
    let excerpt = try words("needle").excerpt(of: text)
    #expect(excerpt.contains("needle") && excerpt.hasPrefix("…") && excerpt.hasSuffix("…"))
    #expect(excerpt.count <= SearchWords.excerptLength + 2)
    #expect(try words("needle").excerpt(of: "short") == "short")
  }

  @Test func `what is too long, has too many words or holds a secret is refused with a sentence`() {
    func problem(_ typed: String) -> String {
      do {
        _ = try SearchWords(typed)
        return ""
      } catch {
        return error.sentence
      }
    }
    #expect(problem(String(repeating: "a", count: SearchWords.lengthMax)) == "")
    #expect(
      problem(String(repeating: "a", count: SearchWords.lengthMax + 1)).contains("at most 200"))
    #expect(problem(String(repeating: "a ", count: SearchWords.countMax + 1)).contains("12 words"))
    #expect(problem("AKIAIOSFODNN7EXAMPLA").contains("looks like"))
  }
}
