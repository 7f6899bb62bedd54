import JSON

/// One Bulk request being carried out (RFC 7644 §3.7): each operation alone, one that others refer to before the others.
///
/// Operations that refer to each other in a circle are made without the reference that closes it, and completed at the
/// end. If what that reference means could not be made, it stays left out.
struct BulkRun {
    /// By place in the request; those behind a stop are missing.
    private(set) var results: [Int: BulkAnswer.Result] = [:]

    private let request: BulkRequest
    /// Applies one request; throws only what the store throws.
    private let apply: (ResourceRequest) throws -> BulkOutcome
    /// Which operation makes a bulkId.
    private var makers: [String: Int] = [:]
    private var ids: [String: ResourceID] = [:]
    private var underway: Set<Int> = []
    /// Those made without a reference, and which.
    private var incomplete: [(index: Int, names: Set<String>)] = []
    private var errors = 0

    init(_ request: BulkRequest, apply: @escaping (ResourceRequest) throws -> BulkOutcome) {
        self.request = request
        self.apply = apply
    }

    mutating func run() throws {
        for (index, operation) in request.operations.enumerated() {
            if let name = operation.bulkID, makers[name] == nil { makers[name] = index }
        }
        for index in request.operations.indices {
            if let limit = request.failOnErrors, errors >= limit { break }
            try perform(index)
        }
        for (index, names) in incomplete where names.allSatisfy({ ids[$0] != nil }) { try complete(index) }
    }

    private mutating func perform(_ index: Int) throws {
        guard results[index] == nil else { return }
        underway.insert(index)
        let outcome: BulkOutcome
        do {
            outcome = try outcomeOf(index)
        } catch let refusal as SCIMError {
            outcome = .failed(refusal)
        }
        underway.remove(index)
        if case .failed = outcome { errors += 1 }
        if case .done(let resource, _) = outcome, let name = request.operations[index].bulkID {
            ids[name] = resource.id
        }
        note(outcome, index)
    }

    /// Throws ``SCIMError`` when it cannot be tried, or what the store throws.
    private mutating func outcomeOf(_ index: Int) throws -> BulkOutcome {
        let operation = request.operations[index]
        let content = try operation.content.get()
        if let name = operation.bulkID, makers[name] != index {
            throw SCIMError.invalidValue("Another operation of the request has the same bulkId.")
        }
        var circular: Set<String> = []
        for name in content.references where ids[name] == nil {
            guard let maker = makers[name] else {
                throw SCIMError.invalidValue("No operation of the request has the bulkId \"\(name.prefix(100))\".")
            }
            if !underway.contains(maker) { try perform(maker) }
            if ids[name] != nil { continue }
            guard underway.contains(maker), content.id.flatMap(BulkReferences.name) != name else {
                throw SCIMError.unresolved(name)
            }
            circular.insert(name)
        }
        if !circular.isEmpty { incomplete.append((index, circular)) }
        return try apply(content.request(ids))
    }

    /// The second half of an operation in a circle: the same content, now with every reference.
    private mutating func complete(_ index: Int) throws {
        guard case .done(let resource, _)? = results[index]?.outcome,
            case .success(var content) = request.operations[index].content
        else { return }
        content.method = content.method == .patch ? .patch : .replace
        content.id = resource.id.rawValue
        content.version = nil
        note(try apply(content.request(ids)), index)
    }

    private mutating func note(_ outcome: BulkOutcome, _ index: Int) {
        let operation = request.operations[index]
        let content = try? operation.content.get()
        // A reference that came to nothing is nowhere to be found.
        var id = content?.request(ids).id.flatMap { BulkReferences.name($0.rawValue) == nil ? $0 : nil }
        if case .done(let resource, _) = outcome { id = resource.id }
        results[index] = BulkAnswer.Result(
            method: operation.method, bulkID: operation.bulkID, type: content?.type, id: id, outcome: outcome)
    }
}

extension BulkRequest.Content {
    /// bulkIds that it refers to.
    var references: [String] {
        (id.flatMap(BulkReferences.name).map { [$0] } ?? []) + (data.map(BulkReferences.names) ?? [])
    }

    /// With every reference that `ids` knows.
    func request(_ ids: [String: ResourceID]) -> ResourceRequest {
        let target = id.map { id in BulkReferences.name(id).flatMap { ids[$0] } ?? ResourceID(rawValue: id) }
        return ResourceRequest(
            method, type, id: target, body: data.map { BulkReferences.resolved($0, ids) }, ifMatch: version)
    }
}

extension SCIMError {
    /// What an operation refers to could not be made.
    fileprivate static func unresolved(_ name: String) -> SCIMError {
        SCIMError(
            status: 409, detail: "What the bulkId \"\(name.prefix(100))\" stands for could not be made.")
    }
}
