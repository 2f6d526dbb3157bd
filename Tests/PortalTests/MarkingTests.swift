import Foundation
import Testing

@testable import Portal

/// How a page that came back is tied to the controls its mistakes are about.
@Suite struct MarkingTests {
  /// A page with a summary of mistakes above what is given.
  private func marked(_ mistakes: [Mistake], _ forms: String, sentTo path: String = "/x") -> String
  {
    let links = mistakes.map { "<li><a href=\"#main\">\($0.sentence)</a></li>" }.joined()
    let page =
      "<main><div class=\"errors\" role=\"alert\" tabindex=\"-1\" autofocus><ul>\(links)</ul></div>"
      + forms + "<a href=\"#main\">Up</a></main>"
    return String(
      decoding: Marking.page(Array(page.utf8), with: mistakes, sentTo: path), as: UTF8.self)
  }

  private func summary(of page: String) -> [Substring] {
    page.prefix(upTo: page.range(of: "</ul>")?.lowerBound ?? page.startIndex)
      .matches(of: /<a href="(#[^"]*)">([^<]*)/).map { $0.output.1 + " " + $0.output.2 }
  }

  private let one = Mistake("Write a.", at: "a")
  private let other = Mistake("Write b.", at: "b")

  @Test func `each mistake has its link, in the order of the page, and its words at the field`() {
    let form = #"<form action="/x"><input name="a"><textarea id="b" name="b"></textarea></form>"#
    let page = marked([other, one], form)
    #expect(summary(of: page) == ["#a Write a.", "#b Write b."])
    #expect(
      page.contains(
        #"<span class="error" id="a-error">Write a.</span>"#
          + #"<input name="a" aria-invalid="true" id="a" aria-describedby="a-error">"#
          + #"<span class="error" id="b-error">Write b.</span>"#
          + #"<textarea id="b" name="b" aria-invalid="true" aria-describedby="b-error">"#))
    #expect(page.hasSuffix("<a href=\"#main\">Up</a></main>"))
    #expect(ShownForm(text: page).fault() == "")
  }

  @Test func `two mistakes in one group both describe it, before what described it already`() {
    let group = #"""
      <fieldset aria-describedby="hint"><legend>G</legend><input type="radio" name="a">
      <input type="checkbox" name="b"></fieldset>
      """#
    let page = marked([one, other], #"<form action="/x">"# + group + "</form>")
    #expect(page.contains(#"<fieldset aria-describedby="a-error b-error hint">"#))
    #expect(
      page.contains(
        #"<legend>G</legend><span class="error" id="a-error">Write a.</span>"#
          + #"<span class="error" id="b-error">Write b.</span><input type="radio" name="a""#))
    #expect(ShownForm(text: page).fault() == "")
  }

  @Test func `of two forms with fields of one name, the one that was sent is marked`() {
    let forms = #"""
      <form action="/y"><input id="ya" name="a"><input id="yb" name="b"></form>
      <form action="/x"><input id="xa" name="a"><input id="xb" name="b"></form>
      """#
    let page = marked([one, other], forms)
    #expect(summary(of: page) == ["#xa Write a.", "#xb Write b."])
    #expect(page.contains(#"<form action="/y"><input id="ya" name="a"><input id="yb" name="b">"#))
    #expect(ShownForm(text: page).fault() == "")
  }

  @Test func `what is about no field comes first, and leads to the form`() {
    let form = #"<form action="/x"><input name="a"><input name="b"></form>"#
    let page = marked([other, Mistake("It is full."), one], form)
    #expect(summary(of: page) == ["#a It is full.", "#a Write a.", "#b Write b."])
    #expect(page.components(separatedBy: "It is full.").count == 2)
    #expect(page.components(separatedBy: #"id="a""#).count == 2)
    #expect(ShownForm(text: page).fault() == "the words are not beside a")
  }

  @Test func `fields that are folded away together are opened once`() {
    let form = #"<details><form action="/x"><input name="a"><input name="b"></form></details>"#
    let page = marked([one, other], form)
    #expect(page.contains("<details open><form"))
    #expect(ShownForm(text: page).fault() == "")
  }

  @Test func `a second mistake about one field is in the summary alone`() {
    let form = #"<form action="/x"><input name="a"></form>"#
    let page = marked([one, Mistake("Write another a.", at: "a")], form)
    #expect(summary(of: page) == ["#a Write a.", "#a Write another a."])
    #expect(page.components(separatedBy: "a-error\"").count == 3)
    #expect(page.components(separatedBy: "aria-invalid").count == 2)
  }
}
