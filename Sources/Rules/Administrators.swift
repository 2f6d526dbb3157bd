/// Somebody must always be left who can look after people.
extension Collection<Person> {
  /// Whether nobody could look after people any more once this person can't.
  public func haveNoAdministrator(without id: Int64) -> Bool {
    contains { $0.id == id && $0.may(.lookAfterPeople) }
      && !contains { $0.id != id && $0.may(.lookAfterPeople) }
  }
}

extension Person {
  /// Why this person stays as they are, where nobody else could look after people.
  public var lastAdministratorSentence: String {
    "\(name) is the only administrator who can sign in. Nothing was changed; make somebody else "
      + "administrator first."
  }
}
