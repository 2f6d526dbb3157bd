internal import CCurl

extension Exchange {
  /// Sets everything about one transfer.
  func configure(_ easy: UnsafeMutableRawPointer, _ lists: CurlLists) {
    _ = curl_set_text(easy, CURLOPT_URL, call.url)
    _ = curl_set_list(easy, CURLOPT_HTTPHEADER, lists.headers)
    _ = curl_set_list(easy, CURLOPT_CONNECT_TO, lists.connectTo)
    if call.envelope == nil {
      setBody(easy)
      _ = curl_set_text(easy, CURLOPT_CUSTOMREQUEST, call.method)
    }
    _ = curl_set_long(easy, CURLOPT_TIMEOUT_MS, Int(call.timeoutMs))
    _ = curl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(call.connectTimeoutMs))
    _ = curl_set_long(easy, CURLOPT_FRESH_CONNECT, call.isRepeatable ? 0 : 1)
    setPolicy(easy)
    if let envelope = call.envelope { setMail(easy, envelope, lists) }
    setReach(easy)
    if let authorities = call.authorities { _ = curl_set_text(easy, CURLOPT_CAINFO, authorities) }
    if call.isLook { setLook(easy) }
    setSinks(easy)
  }

  /// A connection of its own, on which nothing is sent: so its certificate need not be trusted.
  private func setLook(_ easy: UnsafeMutableRawPointer) {
    _ = curl_set_long(easy, CURLOPT_CONNECT_ONLY, 1)
    _ = curl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
    _ = curl_set_long(easy, CURLOPT_CERTINFO, 1)
    _ = curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0)
    _ = curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0)
  }

  private func setBody(_ easy: UnsafeMutableRawPointer) {
    if let streamed = call.streamed { return setStream(easy, streamed) }
    guard !call.body.isEmpty || call.method != "GET" else { return }
    _ = curl_set_long(easy, CURLOPT_POSTFIELDSIZE, call.body.count)
    // Without a pointer libcurl would read a body from a callback, so an empty body has one too.
    let bytes = call.body.isEmpty ? [0] : call.body
    _ = curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, bytes)
  }

  /// A body that libcurl asks for piece by piece. It can't be sent again from its begin: there is
  /// no CURLOPT_SEEKFUNCTION.
  private func setStream(_ easy: UnsafeMutableRawPointer, _ body: HTTPBody) {
    _ = curl_set_long(easy, CURLOPT_POST, 1)
    _ = curl_set_long(easy, CURLOPT_POSTFIELDSIZE, body.byteCount)
    setReader(easy)
  }

  /// Where libcurl asks for the pieces.
  func setReader(_ easy: UnsafeMutableRawPointer) {
    _ = curl_set_pointer(easy, CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque())
    _ = curl_set_sink(easy, CURLOPT_READFUNCTION) { bytes, size, count, this in
      guard let this else { return Int(CURL_READFUNC_ABORT) }
      let exchange = Unmanaged<Exchange>.fromOpaque(this).takeUnretainedValue()
      let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
      return exchange.send(into: buffer) ?? Int(CURL_READFUNC_ABORT)
    }
  }

  /// What holds for every transfer. The path is sent as it was signed.
  private func setPolicy(_ easy: UnsafeMutableRawPointer) {
    _ = curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    _ = curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    _ = curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
    _ = curl_set_text(easy, CURLOPT_PROXY, "")
    _ = curl_set_long(easy, CURLOPT_PATH_AS_IS, 1)
    _ = curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    _ = curl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    _ = curl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
    _ = curl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
  }

  private func setSinks(_ easy: UnsafeMutableRawPointer) {
    // Not retained: the loop keeps the exchange until the transfer is removed.
    let this = Unmanaged.passUnretained(self).toOpaque()
    _ = curl_set_pointer(easy, CURLOPT_WRITEDATA, this)
    _ = curl_set_pointer(easy, CURLOPT_HEADERDATA, this)
    _ = curl_set_sink(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, this in
      Exchange.receive(bytes, size * count, this) { $0.receive(body: $1) }
    }
    _ = curl_set_sink(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, this in
      Exchange.receive(bytes, size * count, this) { $0.receive(header: $1) }
    }
  }

  /// Hands a piece to the exchange behind the pointer.
  /// - Returns: the count to go on, anything else to stop (CURLOPT_WRITEFUNCTION).
  private static func receive(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ this: UnsafeMutableRawPointer?,
    _ take: (Exchange, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    guard let this else { return 0 }
    let exchange = Unmanaged<Exchange>.fromOpaque(this).takeUnretainedValue()
    let isTaken = take(exchange, UnsafeRawBufferPointer(start: bytes, count: count))
    return isTaken ? count : count == 0 ? 1 : 0
  }
}

/// What libcurl reads of a transfer while it runs, as lists of its own kind.
struct CurlLists {
  let headers: UnsafeMutablePointer<curl_slist>?
  let connectTo: UnsafeMutablePointer<curl_slist>?
  /// Whom a letter is for.
  let recipients: UnsafeMutablePointer<curl_slist>?

  init(_ call: HTTPCall) {
    var lines = call.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    // libcurl would wait for a go-ahead before long bodies, and name a type for every body.
    lines.append("Expect:")
    if !call.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      lines.append("Content-Type:")
    }
    headers = lines.reduce(nil) { curl_slist_append($0, $1) }
    // Whatever the URL's host and port.
    connectTo = call.connectTo.flatMap { curl_slist_append(nil, "::\($0)") }
    recipients = call.envelope.flatMap { curl_slist_append(nil, "<\($0.to)>") }
  }

  func free() {
    curl_slist_free_all(headers)
    curl_slist_free_all(connectTo)
    curl_slist_free_all(recipients)
  }
}

/// What libcurl tells of the other side's certificate.
enum CurlCertificate {
  /// Until when the first certificate of the chain is valid, the other side's own, in milliseconds
  /// since 1970; nil when libcurl does not tell.
  static func untilMs(_ easy: UnsafeMutableRawPointer) -> Int64? {
    var chain: UnsafeMutablePointer<curl_certinfo>?
    guard curl_get_certificates(easy, &chain) == CURLE_OK, let chain,
      chain.pointee.num_of_certs > 0
    else { return nil }
    let begin = "Expire date:"
    var line = chain.pointee.certinfo?.pointee
    while let entry = line?.pointee {
      let text = String(cString: entry.data)
      if text.hasPrefix(begin) {
        return Timestamp.ms(certificateDate: String(text.dropFirst(begin.count)))
      }
      line = entry.next
    }
    return nil
  }
}
