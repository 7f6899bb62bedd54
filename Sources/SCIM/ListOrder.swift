/// In which order a list is: `sortBy` (RFC 7644 §3.4.2.3), or that of creation.
enum ListOrder: Hashable {
    /// What `meta.created` means too: whoever was made later comes later, however alike the moments are.
    case creation
    /// Of the names' canonical keys: a User's userName, a Group's displayName.
    case name
    /// No index has it.
    case value(AttributePath)

    init(_ query: ListQuery, _ type: ResourceType) {
        guard let path = query.sortBy else {
            self = .creation
            return
        }
        switch (type, path.schema, path.attribute, path.subAttribute) {
        case (_, nil, "meta", "created"): self = .creation
        case (.user, nil, "userName", nil), (.group, nil, "displayName", nil): self = .name
        default: self = .value(path)
        }
    }
}

extension ListOrder {
    var isIndexed: Bool {
        switch self {
        case .creation, .name: true
        case .value: false
        }
    }

    /// How a store walks in this order from the beginning, or from behind `last` on. An order without an index is walked
    /// in that of creation.
    func walk(ascending: Bool, behind last: SortKey?) -> StoredWalk {
        switch self {
        case .name:
            let name = last?.bytes.map { String(decoding: $0, as: UTF8.self) }
            return ascending ? .names(after: name) : .namesBackwards(before: name)
        case .creation: return ascending ? .creation(after: last?.row) : .latest(before: last?.row)
        case .value: return .creation(after: last?.row)
        }
    }
}
