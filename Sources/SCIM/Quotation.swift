/// A person's value in a sentence. Whatever a message says of somebody's data it says by this, so that it can be found
/// there again: the value has no other double quote.
package func quoted(_ value: some StringProtocol) -> String {
    "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "'") + "\""
}

/// `sentence` with something else for each value that it quotes.
package func replacingQuotations(in sentence: String, _ replacement: (String) -> String) -> String {
    var parts = sentence.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
    for index in stride(from: 1, to: parts.count, by: 2) { parts[index] = replacement(parts[index]) }
    return parts.joined(separator: "\"")
}
