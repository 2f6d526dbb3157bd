import Foundation
import Glibc
import Testing

@testable import AWS

/// Where a call may go whose address somebody else has written.
@Suite(.timeLimit(.minutes(1)))
struct ReachTests {
  private static func bytes(_ text: String) -> [UInt8] {
    let isSix = text.contains(":")
    var bytes = [UInt8](repeating: 0, count: isSix ? 16 : 4)
    #expect(inet_pton(isSix ? AF_INET6 : AF_INET, text, &bytes) == 1, "\(text)")
    return bytes
  }

  @Test(arguments: [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "64:ff9b::10.0.0.1", "64:ff9b:1::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1",
    "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "100::1", "fd00:ec2::254",
  ])
  func `an address of this machine or of a private network is not public`(text: String) {
    #expect(!PublicAddress.isPublic(Self.bytes(text)))
  }

  @Test(arguments: [
    "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1",
    "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1",
  ])
  func `an address of the Internet is`(text: String) {
    #expect(PublicAddress.isPublic(Self.bytes(text)))
  }

  @Test func `what is no address is not public`() {
    #expect(!PublicAddress.isPublic([]) && !PublicAddress.isPublic([1, 1, 1]))
  }

  @Test(arguments: ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"])
  func `however this machine is written, nothing is sent to it`(host: String) async throws {
    let server = try LoopbackServer { _ in .answer(200, "") }
    var call = HTTPCall(
      method: "POST", url: "http://\(host):\(server.port)/", body: [1], isRepeatable: false)
    call.reach = .publicOnly
    let transport = Transport()
    do {
      _ = try await transport.send(call)
      Issue.record("\(host) was reached")
    } catch {
      #expect(!error.wasSent)
    }
    #expect(server.received.isEmpty)
    call.reach = .publicAndLoopback
    if host == "127.0.0.1" { #expect(try await transport.send(call).status == 200) }
    transport.shutdown()
  }
}
