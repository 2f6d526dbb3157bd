import HTTP
import HTTPTypes
import Zip

extension Response {
  /// Shorter content is sent as it is: packing would save less than a packet.
  private static let packedBytesMin = 1_200

  /// A page packed by gzip, where whoever asked takes that.
  ///
  /// What is packed tells by its length whether something an attacker had put into a page repeats a
  /// secret in it (BREACH). So a page is packed only where the browser says that the request came
  /// from one of our own pages or from the person's hand, and no other site can have chosen it.
  func packed(for request: Request) -> Response {
    guard headers[.contentType] == Self.pageType, body.count >= Self.packedBytesMin else {
      return self
    }
    var response = self
    response.headers[.vary] = "Accept-Encoding, Sec-Fetch-Site"
    guard Origin.isChosenHere(request.headers), request.takes(coding: "gzip"),
      let packed = Gzip.pack(body, .quickly)
    else { return response }
    response.headers[.contentEncoding] = "gzip"
    response.body = packed
    return response
  }

  static let pageType = "text/html; charset=utf-8"
}
