import AWS

/// A call to somebody else's service that did not give what was asked of it: in words, and whether
/// the other side may have acted on it all the same.
protocol CallError: SpokenError {
  var effect: AWSError.Effect { get }
}

extension AWSError: CallError {}
