import Testing

@testable import AWS

/// What is read out of answers, sound and broken.
struct AnswerTests {
  private func code(_ status: Int, _ body: String, _ headers: [HTTPHeader] = []) -> String? {
    let reason = AWSError.Reason.of(
      HTTPAnswer(status: status, headers: headers, body: Array(body.utf8)))
    guard case .service(let code, _, status, _) = reason else { return nil }
    return code
  }

  private func problem(_ line: Script.Line) async -> AWSError? {
    do {
      _ = try await STS(Script([line]).client()).getCallerIdentity()
      return nil
    } catch {
      return error
    }
  }

  @Test func `an error's code is found in each of AWS's forms`() {
    #expect(
      code(400, #"{"__type":"com.amazonaws.ecs#ClientException","message":"m"}"#)
        == "ClientException")
    #expect(code(400, #"{"__type":"ClientException"}"#) == "ClientException")
    #expect(
      code(429, "{}", [HTTPHeader("x-amzn-ErrorType", "TooManyRequestsException:http://a/")])
        == "TooManyRequestsException")
    #expect(
      code(400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>")
        == "Throttling")
    #expect(code(404, "<Error><Code>NoSuchBucket</Code></Error>") == "NoSuchBucket")
  }

  @Test(arguments: ["", "<!DOCTYPE html><html>Bad gateway</html>", "{", "[1]", "<Error>", "\0"])
  func `an answer in another form is named by its status`(body: String) {
    #expect(code(502, body) == "HTTP 502")
  }

  @Test func `elements, lists and text are read, and space between them is not`() throws {
    let root = try #require(
      XMLElement.parse(
        Array(
          "<a xmlns='https://a/'>\n <b>x &amp; <![CDATA[<y>]]></b>\n <l><m>1</m><m>2</m></l></a>"
            .utf8)))
    #expect(root.name == "a")
    #expect(root.text == "")
    #expect(root.text("b") == "x & <y>")
    #expect(root.list("l").map(\.text) == ["1", "2"])
    #expect(root.text("none") == nil)
  }

  @Test(arguments: [
    "", "text", "<a>", "<a><b></a>", "<a/><b/>", "<a>&nothing;</a>", "<a b=c/>", "\u{FEFF}",
    "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x'><a/>",
    "<!DOCTYPE a [<!ENTITY x '0'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>",
  ])
  func `XML that is broken or has a document type is refused`(text: String) {
    #expect(XMLElement.parse(Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    "<a><?b?></a>", "<?b c?><a/>", "<a/><?b?>", "<?xml version=\"1.0\"?><?xml-b?><a/>",
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
    "<?xml version=\"1.0\" encoding='UTF-7'?>+ADw-a/+AD4-", "<?xml version=\"1.0\"", "<a>\u{0}</a>",
    "<?xml v\"><?a?><", "<?xml version=\"1.0\"><?a?><a/>", "<?xml version=\"1.0\" ><?a b?><a/>",
  ])
  func `XML with an instruction or in another encoding is refused, and traps nothing`(
    text: String
  ) {
    #expect(XMLElement.parse(Array(text.utf8)) == nil)
    let wide = Array(text.utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(XMLElement.parse([0xFF, 0xFE] + wide) == nil)
    for attributes in ["", " encoding='utf-8'", " encoding=\"UTF-8\" standalone='no' "] {
      let text = "<?xml version=\"1.0\"\(attributes)?><a/>"
      #expect(XMLElement.parse(Array(text.utf8)) != nil, "\(attributes)")
    }
  }

  @Test func `XML may be as deep as the limit and no deeper`() {
    func nested(_ depth: Int) -> [UInt8] {
      Array(
        (String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)).utf8)
    }
    #expect(XMLElement.parse(nested(XMLElement.depthMax)) != nil)
    #expect(XMLElement.parse(nested(XMLElement.depthMax + 1)) == nil)
    #expect(XMLElement.parse(nested(100_000)) == nil)
  }

  @Test func `XML may not have more elements than the limit`() {
    let text = "<a>" + String(repeating: "<b/>", count: XMLElement.elementsMax) + "</a>"
    #expect(XMLElement.parse(Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    "", "<html></html>", "{}", "<GetCallerIdentityResponse/>",
    "<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>",
  ])
  func `a good status with the wrong content is unreadable`(body: String) async {
    guard case .unreadable = await problem(.text(200, body))?.reason else {
      Issue.record("not unreadable")
      return
    }
  }

  @Test(arguments: ["", "<html>", "{}", #"{"services": 1}"#, "[]", "nul"])
  func `JSON of another kind is unreadable`(body: String) async {
    let ecs = ECS(Script([.text(200, body)]).client())
    await #expect {
      _ = try await ecs.describeService(cluster: "c", service: "s")
    } throws: { error in
      if case .unreadable = (error as? AWSError)?.reason { true } else { false }
    }
  }

  @Test(arguments: ["1e300", "-1e300"])
  func `a quota that is no number of mails is unreadable`(number: String) async {
    let ses = SES(
      Script([
        .text(
          200,
          """
          {"ProductionAccessEnabled": true, "SendingEnabled": true, "EnforcementStatus": "HEALTHY",
           "SendQuota": {"Max24HourSend": \(number), "MaxSendRate": 1.5, "SentLast24Hours": 0}}
          """)
      ]).client())
    await #expect {
      _ = try await ses.getAccount()
    } throws: { error in
      (error as? AWSError)?.reason == .unreadable("“SendQuota” is of another kind")
    }
  }

  @Test func `a list that never ends is given up`() async {
    let page = """
      <ListStackResourcesResponse><ListStackResourcesResult><NextToken>again</NextToken>
      </ListStackResourcesResult></ListStackResourcesResponse>
      """
    let script = Script([.text(200, page)])
    await #expect(throws: AWSError.self) {
      try await CloudFormation(script.client()).listStackResources("s")
    }
    #expect(script.calls.count == 2)
  }

  @Test func `a denied call names the action to allow`() async {
    let problem = await problem(.error(403, "AccessDenied"))
    #expect(problem?.sentence.contains("“sts:GetCallerIdentity”") == true)
  }

  @Test(arguments: [
    ("ExpiredToken", "expired"), ("InvalidClientTokenId", "does not know"),
    ("SignatureDoesNotMatch", "secret access key"), ("Throttling", "too many calls"),
    ("PermanentRedirect", "us-west-2"), ("ValidationError", "said"),
  ])
  func `a refusal is explained`(code: String, words: String) async {
    let problem = await problem(.error(400, code))
    #expect(problem?.sentence.contains(words) == true)
  }

  @Test func `AWS's words are shortened and kept to one line`() async {
    let message = "a\\nb\\u001b" + String(repeating: "x", count: 5_000)
    let problem = await problem(
      .text(400, #"{"__type": "ValidationError", "message": "\#(message)"}"#))
    let sentence = problem?.sentence ?? ""
    #expect(sentence.count < 700)
    #expect(sentence.unicodeScalars.allSatisfy { $0.value >= 0x20 })
  }

  @Test func `no sentence or description holds a secret`() async {
    for line in [
      Script.Line.error(403, "SignatureDoesNotMatch"), .text(500, ""), .text(200, ""),
      .problem(TransportProblem(.reset, wasSent: true)),
    ] {
      let problem = await problem(line)
      #expect(problem != nil)
      let words = "\(String(describing: problem)) \(problem?.sentence ?? "")"
      #expect(!words.contains("wJalrXUtn"))
    }
  }

  @Test(arguments: ["", "us west", "us-west-2.evil.example/", "us-west-2#", "a@b", "ü"])
  func `what is not a region's name never becomes a host`(region: String) async {
    let script = Script([.identity])
    await #expect(throws: AWSError.self) {
      try await STS(script.client(region: region)).getCallerIdentity()
    }
    #expect(script.calls.isEmpty)
  }

  @Test(arguments: [
    "", "ftp://a", "http://", "http://user@host", "http://host/?q", "http://host/#f",
    "http://host\r\nX: y",
  ])
  func `an endpoint that is not a plain address is refused`(endpoint: String) async {
    let script = Script([.identity])
    await #expect(throws: AWSError.self) {
      try await STS(script.client(endpoint: endpoint)).getCallerIdentity()
    }
    #expect(script.calls.isEmpty)
  }

  @Test func `each service is called at its own host, prices in us-east-1`() async throws {
    let script = Script([.text(400, "")])
    let client = script.client()
    _ = try? await STS(client).getCallerIdentity()
    _ = try? await SES(client).getAccount()
    _ = try? await CloudWatch(client).describeAlarms()
    _ = try? await S3(client).getBucketVersioning("b.c")
    _ = try? await Pricing(client).products(service: "AmazonECS", filters: [:])
    #expect(
      script.calls.map(\.url) == [
        "https://sts.us-west-2.amazonaws.com/",
        "https://email.us-west-2.amazonaws.com/v2/email/account",
        "https://monitoring.us-west-2.amazonaws.com/",
        "https://s3.us-west-2.amazonaws.com/b.c?versioning=",
        "https://api.pricing.us-east-1.amazonaws.com/",
      ])
    let scopes = script.calls.compactMap { call in
      call.headers.first { $0.name == "Authorization" }?.value.split(separator: "/")
        .dropFirst(2).prefix(2).joined(separator: "/")
    }
    #expect(
      scopes == [
        "us-west-2/sts", "us-west-2/ses", "us-west-2/monitoring", "us-west-2/s3",
        "us-east-1/pricing",
      ])
  }
}
