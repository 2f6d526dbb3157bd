import HTTPTypes
import Testing

@testable import HTTP

/// Conditional requests (RFC 9110 §13) against one version: the tag "a", changed in 1994.
struct ConditionTests {
  private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
  private static let earlier = "Sun, 06 Nov 1994 08:49:36 GMT"
  private static let later = "Sun, 06 Nov 1994 08:49:38 GMT"
  private let validators = Validators(tag: "\"a\"", modifiedAt: 784_111_777)
  private let nowS = 1_000_000_000

  private func outcome(
    _ fields: HTTPFields, method: HTTPRequest.Method = .get
  ) -> Validators.Outcome {
    validators.outcome(of: Request(method: method, path: "/", headers: fields), at: nowS)
  }

  @Test(arguments: [
    ("\"a\"", true), ("*", true), ("\"b\", \"a\"", true), (",, \"a\" ,", true),
    ("\"b,\", \"a\"", true), ("W/\"a\"", false), ("\"b\"", false), ("a", false), ("", false),
    ("\"a", false), ("\"a\" \"b\"", false), ("w/\"a\"", false), ("\"a\", *", false),
  ])
  func `RFC 9110 §13.1.1: If-Match compares strongly`(value: String, matches: Bool) {
    for method in [HTTPRequest.Method.get, .head, .put] {
      let outcome = outcome([.ifMatch: value], method: method)
      #expect(outcome == (matches ? .proceed : .failed))
    }
  }

  @Test(arguments: [
    ("\"a\"", true), ("W/\"a\"", true), ("*", true), ("\"b\",W/\"a\"", true), ("\"b\"", false),
    ("a", false), ("\"A\"", false), ("\"a\"b", false), ("\"a \"", false), ("", false),
  ])
  func `RFC 9110 §13.1.2: If-None-Match compares weakly`(value: String, matches: Bool) {
    #expect(outcome([.ifNoneMatch: value]) == (matches ? .notModified : .proceed))
    #expect(outcome([.ifNoneMatch: value], method: .put) == (matches ? .failed : .proceed))
  }

  @Test(arguments: [
    (date, true), (later, true), (earlier, false), ("Sunday, 06-Nov-94 08:49:37 GMT", true),
    ("Sun Nov  6 08:49:37 1994", true), ("yesterday", false), ("", false),
    (date + ", " + date, false),
    ("Mon, 06 Nov 1994 08:49:37 GMT", false), ("Fri, 01 Jan 2077 00:00:00 GMT", false),
  ])
  func `RFC 9110 §13.1.3: If-Modified-Since is for GET and HEAD, and a date or nothing`(
    value: String, isOld: Bool
  ) {
    #expect(outcome([.ifModifiedSince: value]) == (isOld ? .notModified : .proceed))
    #expect(outcome([.ifModifiedSince: value], method: .head) == (isOld ? .notModified : .proceed))
    #expect(outcome([.ifModifiedSince: value], method: .post) == .proceed)
  }

  @Test(arguments: [(date, true), (later, true), (earlier, false), ("never", true)])
  func `RFC 9110 §13.1.4: If-Unmodified-Since fails for what has changed since`(
    value: String, holds: Bool
  ) {
    #expect(outcome([.ifUnmodifiedSince: value], method: .put) == (holds ? .proceed : .failed))
  }

  @Test func `RFC 9110 §13.2.2: tags go before dates, and If-Match before If-None-Match`() {
    #expect(outcome([.ifMatch: "\"a\"", .ifUnmodifiedSince: Self.earlier]) == .proceed)
    #expect(outcome([.ifNoneMatch: "\"b\"", .ifModifiedSince: Self.date]) == .proceed)
    #expect(outcome([.ifNoneMatch: "\"a\"", .ifModifiedSince: Self.earlier]) == .notModified)
    #expect(outcome([.ifMatch: "\"b\"", .ifNoneMatch: "\"a\""]) == .failed)
    #expect(outcome([.ifMatch: "\"a\"", .ifNoneMatch: "\"a\""]) == .notModified)
  }

  @Test func `what has no date knows no conditions of dates`() {
    let undated = Validators(tag: "\"a\"", modifiedAt: nil)
    let fields: HTTPFields = [.ifModifiedSince: Self.later, .ifUnmodifiedSince: Self.earlier]
    let request = Request(method: .get, path: "/", headers: fields)
    #expect(undated.outcome(of: request, at: nowS) == .proceed)
    #expect(undated.fields[.lastModified] == nil)
    #expect(validators.fields[.lastModified] == Self.date)
  }
}
