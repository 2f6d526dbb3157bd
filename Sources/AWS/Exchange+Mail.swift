internal import CCurl
internal import Cryptography
internal import Glibc

extension Exchange {
  /// Sets what is particular to a letter: SMTP in place of HTTP (RFC 5321), TLS from the beginning
  /// or before anything is said (RFC 3207).
  func setMail(_ easy: UnsafeMutableRawPointer, _ envelope: MailEnvelope, _ lists: CurlLists) {
    _ = curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    _ = curl_set_text(easy, CURLOPT_MAIL_FROM, "<\(envelope.from)>")
    _ = curl_set_list(easy, CURLOPT_MAIL_RCPT, lists.recipients)
    _ = curl_set_long(easy, CURLOPT_UPLOAD, 1)
    _ = curl_set_long(easy, CURLOPT_INFILESIZE, call.streamed?.byteCount ?? 0)
    let ssl = envelope.needsTLS ? CURLUSESSL_ALL : CURLUSESSL_TRY
    _ = curl_set_long(easy, CURLOPT_USE_SSL, Int(ssl.rawValue))
    if !envelope.user.isEmpty {
      _ = curl_set_text(easy, CURLOPT_USERNAME, envelope.user)
      let password = String(decoding: envelope.password?.bytes ?? [], as: UTF8.self)
      _ = curl_set_text(easy, CURLOPT_PASSWORD, password)
    }
    setReader(easy)
  }

  /// Has every socket looked at before it is opened, by the address that is really connected to:
  /// what DNS said a moment ago may not be what it says now.
  func setReach(_ easy: UnsafeMutableRawPointer) {
    guard call.reach != .anywhere else { return }
    let this = Unmanaged.passUnretained(self).toOpaque()
    _ = curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, this)
    _ = curl_set_opener(easy) { this, _, address in
      guard let this, let address else { return CURL_SOCKET_BAD }
      let exchange = Unmanaged<Exchange>.fromOpaque(this).takeUnretainedValue()
      guard exchange.mayReach(address) else { return CURL_SOCKET_BAD }
      let to = address.pointee
      return socket(to.family, to.socktype | Int32(SOCK_CLOEXEC.rawValue), to.protocol)
    }
  }

  private func mayReach(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Bool {
    guard let place = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return false }
    let raw = UnsafeRawPointer(address) + place
    let bytes: [UInt8]
    switch address.pointee.family {
    case AF_INET:
      bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr, Array.init)
    case AF_INET6:
      bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr, Array.init)
    default: bytes = []
    }
    if call.reach.allows(bytes) { return true }
    isOutOfReach = true
    return false
  }
}

extension HTTPCall.Reach {
  /// Whether a connection to an address of 4 or 16 bytes may be made.
  func allows(_ address: [UInt8]) -> Bool {
    switch self {
    case .anywhere: true
    case .publicOnly: PublicAddress.isPublic(address)
    case .publicAndLoopback:
      PublicAddress.isPublic(address) || PublicAddress.isLoopback(address)
    }
  }
}
