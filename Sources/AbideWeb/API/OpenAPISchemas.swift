/// The shapes of answers, as JSON Schema.
enum OpenAPISchemas {
    static let text = """
        {
        "Problem":{"type":"object","required":["type","title","status","detail"],"properties":{"type":{"type":"string"},"title":{"type":"string"},\
        "status":{"type":"integer"},"detail":{"type":"string"},"clause":{"type":"string","description":"The clause of the agreement."},\
        "id":{"type":"string","description":"Names the entry of the log, for faults of the desk."},\
        "fields":{"type":"object","additionalProperties":{"type":"string"},"description":"What is wrong, by field."},\
        "errors":{"type":"array","items":{"type":"object","required":["field","detail"],"properties":{"field":{"type":"string"},"detail":{"type":"string"}}}}}},
        "Instant":{"type":"string","format":"date-time","description":"RFC 3339 in UTC, whole seconds."},
        "InstantOrNull":{"type":["string","null"],"format":"date-time"},
        "Agreement":{"type":"object","required":["name","version","digest"],"properties":{"name":{"type":"string"},"version":{"type":"integer"},"digest":{"type":"string"}}},
        "AgreementUse":{"type":"object","properties":{"client":{"$ref":"#/components/schemas/ClientRef","description":"Null: all clients without an agreement of their own."},\
        "from":{"$ref":"#/components/schemas/Instant"},"until":{"$ref":"#/components/schemas/InstantOrNull"},"recordedAt":{"$ref":"#/components/schemas/Instant"},"by":{"type":"string"}}},
        "AgreementAcceptance":{"type":"object","properties":{"client":{"$ref":"#/components/schemas/ClientRef"},"by":{"type":"string"},"acceptedAt":{"$ref":"#/components/schemas/Instant"}}},
        "AgreementVersion":{"type":"object","required":["name","version","digest","uses","acceptances"],"properties":{"name":{"type":"string"},"version":{"type":"integer"},"digest":{"type":"string"},\
        "storedAt":{"$ref":"#/components/schemas/Instant"},"uses":{"type":"array","items":{"$ref":"#/components/schemas/AgreementUse"}},\
        "acceptances":{"type":"array","items":{"$ref":"#/components/schemas/AgreementAcceptance"}},"text":{"type":"string","description":"The file as written; only of a single version."},\
        "sources":{"type":"object","additionalProperties":{"type":"string"},"description":"The files beside it of which it is made."}}},
        "AgreementVersionList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/AgreementVersion"}},"next":{"type":["string","null"]}}},
        "AgreementEventList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"type":"object","properties":{"type":{"enum":["inForce","backToShared","accepted"]},\
        "digest":{"type":["string","null"]},"client":{"$ref":"#/components/schemas/ClientRef"},"occurredAt":{"$ref":"#/components/schemas/Instant"},"recordedAt":{"$ref":"#/components/schemas/Instant"},\
        "by":{"type":"string"},"sentence":{"type":"string"}}}},"next":{"type":["string","null"]}}},
        "ContactList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Contact"}},"next":{"type":["string","null"]}}},
        "Contact":{"type":"object","required":["id","email","name","role","client"],"properties":{"id":{"type":"integer"},"email":{"type":"string"},"name":{"type":"string"},\
        "role":{"enum":["client","primaryContact","standIn","reportReader","partner"]},"client":{"$ref":"#/components/schemas/ClientRef"},"phone":{"type":"string"},"zone":{"type":["string","null"]},\
        "readsReports":{"type":"boolean"}}},
        "ReviewList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Review"}},"next":{"type":["string","null"]}}},
        "Review":{"type":"object","required":["id","client","day","state","agreement"],"properties":{"id":{"type":"integer"},"client":{"$ref":"#/components/schemas/ClientRef"},"day":{"type":"string","format":"date"},\
        "state":{"enum":["planned","prepared","held","cancelled"]},"overdue":{"type":"boolean"},"agreement":{"type":"string"},"digest":{"type":"string"},"from":{"type":["string","null"]},"to":{"type":["string","null"]},\
        "report":{"type":["integer","null"],"description":"The issued report with which it was prepared."},"preparedAt":{"$ref":"#/components/schemas/InstantOrNull"},"heldOn":{"type":["string","null"]},\
        "attendees":{"type":"string"},"minutes":{"type":"string","description":"Markdown."},"outcome":{"enum":["unchanged","newVersion",null]},"newVersion":{"type":["string","null"]},"minutedBy":{"type":"string"},\
        "minutedAt":{"$ref":"#/components/schemas/InstantOrNull"},"history":{"type":"array","items":{"type":"object","properties":{"at":{"$ref":"#/components/schemas/Instant"},"by":{"type":"string"},"sentence":{"type":"string"}}}}}},
        "AgreementDifferences":{"type":"object","required":["lines"],"properties":{"lines":{"type":"array","items":{"type":"string","examples":["Critical: response 2 h -> 1 h"]}}}},
        "RoutingTrials":{"type":"object","properties":{"tickets":{"type":"integer"},"changed":{"type":"integer"},"items":{"type":"array","items":{"type":"object","properties":{"ref":{"type":"string"},\
        "subject":{"type":"string"},"was":{"type":["string","null"]},"department":{"type":["string","null"]},"assignee":{"type":["string","null"]},"tags":{"type":"array","items":{"type":"string"}},\
        "rules":{"type":"array","items":{"type":"string"}}}}}}},
        "ClientAgreement":{"type":"object","properties":{"client":{"$ref":"#/components/schemas/ClientRef"},"isOwn":{"type":"boolean"},"agreement":{"$ref":"#/components/schemas/Agreement"},\
        "from":{"$ref":"#/components/schemas/InstantOrNull","description":"From when the change that was asked for holds."},"entitlements":{"type":"object","additionalProperties":{"type":"string"}}}},
        "HoldList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"type":"object","properties":{"department":{"type":"string"},\
        "from":{"$ref":"#/components/schemas/Instant"},"to":{"$ref":"#/components/schemas/InstantOrNull"},"workingSeconds":{"type":"integer"},"targetSeconds":{"type":["integer","null"]},\
        "isOver":{"type":"boolean"}}}},"next":{"type":["string","null"]}}},
        "DepartmentReport":{"type":"object","properties":{"from":{"type":"string"},"to":{"type":"string"},"departments":{"type":"array","items":{"type":"object","properties":{"department":{"type":"string"},\
        "holds":{"type":"integer"},"over":{"type":"integer","description":"Longer than the internal target."},"workingSeconds":{"type":"integer"},"longestSeconds":{"type":"integer"}}}}}},
        "ClientRef":{"type":["object","null"],"required":["id","name"],"properties":{"id":{"type":"integer"},"name":{"type":"string"}}},
        "Desk":{"type":"object","required":["name","mailbox","zone","version","agreement"],"properties":{"name":{"type":"string"},"mailbox":{"type":"string"},"zone":{"type":"string"},\
        "version":{"type":"string"},"zoneData":{"type":"string","description":"The version of the time-zone data."},"agreement":{"$ref":"#/components/schemas/Agreement"},\
        "severities":{"type":"array","items":{"type":"object","properties":{"number":{"type":"integer"},"name":{"type":"string"},"description":{"type":"string"}}}},\
        "intake":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"label":{"type":"string"},"help":{"type":"string"},"required":{"type":"boolean"},"choices":{"type":"array","items":{"type":"string"},"description":"What may be said; empty: anything."}}}},\
        "suspensionReasons":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"label":{"type":"string"},"waitsForClient":{"type":"boolean"}}}},\
        "departments":{"type":"array","items":{"type":"string"}}}},
        "Me":{"type":"object","required":["id","email","name","role","client"],"properties":{"id":{"type":"integer"},"email":{"type":"string"},"name":{"type":"string"},\
        "role":{"type":"string"},"client":{"$ref":"#/components/schemas/ClientRef"},"department":{"type":["string","null"]},"zone":{"type":["string","null"]},"phone":{"type":"string"}}},
        "Client":{"type":"object","required":["id","name"],"properties":{"id":{"type":"integer"},"name":{"type":"string"},"zone":{"type":["string","null"]},\
        "subscriptionUntil":{"$ref":"#/components/schemas/InstantOrNull"},"managedHosting":{"type":"boolean"},"shareTickets":{"type":"boolean"}}},
        "ClientList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Client"}},"next":{"type":["string","null"]}}},
        "Interval":{"type":"object","required":["from","to","kind","seconds","reason"],"properties":{"from":{"$ref":"#/components/schemas/Instant"},"to":{"$ref":"#/components/schemas/Instant"},\
        "kind":{"enum":["counted","closed","suspended"]},"seconds":{"type":"integer","description":"That counted; they sum to `usedSeconds`."},"reason":{"type":"string"}}},
        "Clock":{"type":"object","required":["state","outcome","targetSeconds","startedAt","due","stoppedAt","usedSeconds","leftSeconds"],"properties":{\
        "state":{"enum":["notStarted","running","suspended","stopped"]},"outcome":{"enum":[null,"met","missed"],"description":"A missed clock can still be running."},\
        "targetSeconds":{"type":["integer","null"],"description":"Null: none agreed, or as soon as possible."},"startedAt":{"$ref":"#/components/schemas/InstantOrNull"},\
        "due":{"$ref":"#/components/schemas/InstantOrNull","description":"Null while suspended or without a target."},"stoppedAt":{"$ref":"#/components/schemas/InstantOrNull"},\
        "usedSeconds":{"type":"integer"},"leftSeconds":{"type":["integer","null"],"description":"Negative when over."},\
        "intervals":{"type":"array","items":{"$ref":"#/components/schemas/Interval"}}}},
        "Clocks":{"type":"object","required":["response","resolution"],"properties":{"response":{"$ref":"#/components/schemas/Clock"},"resolution":{"$ref":"#/components/schemas/Clock"},"nextReply":{"$ref":"#/components/schemas/Clock"}}},
        "Ticket":{"type":"object","required":["ref","subject","status","severity","urgency","channel","client","contact","assignee","department","registeredAt","loggedAt","missing",\
        "coverage","suspensions","clocks","agreement","fields","closing","escalation"],"properties":{"ref":{"type":"string"},"version":{"type":"integer"},"subject":{"type":"string"},\
        "status":{"enum":["registered","open","awaitingClient","resolved","closed"],"description":"`registered`: not yet correctly logged."},\
        "severity":{"type":["integer","null"],"description":"What counts: the assigned one, until then the caller's urgency or the agreement's provisional one."},\
        "severityIsAssigned":{"type":"boolean"},"urgency":{"type":["integer","null"]},"channel":{"enum":["email","portal","api","phone","meeting"]},\
        "client":{"$ref":"#/components/schemas/ClientRef"},"contact":{"type":"object","properties":{"email":{"type":"string"},"name":{"type":"string"}}},\
        "assignee":{"type":["string","null"],"description":"An e-mail address."},"assigneeName":{"type":["string","null"]},"department":{"type":["string","null"]},\
        "registeredAt":{"$ref":"#/components/schemas/Instant"},"loggedAt":{"$ref":"#/components/schemas/InstantOrNull","description":"Correctly logged: the clocks started."},\
        "resolvedAt":{"$ref":"#/components/schemas/InstantOrNull"},"closedAt":{"$ref":"#/components/schemas/InstantOrNull"},"updatedAt":{"$ref":"#/components/schemas/Instant"},\
        "missing":{"type":"array","items":{"type":"string"}},\
        "coverage":{"type":"object","properties":{"decision":{"enum":["covered","notCovered","chargeable","quote","undecided"]},"rule":{"type":["string","null"]},\
        "kind":{"type":["string","null"]},"cause":{"type":["string","null"]},"disputed":{"type":"boolean","description":"Disputed by the client and not answered yet (M6)."}}},\
        "suspensions":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"reason":{"type":"string"},"label":{"type":"string"},"note":{"type":"string"},"since":{"$ref":"#/components/schemas/Instant"}}}},\
        "clocks":{"$ref":"#/components/schemas/Clocks"},"agreement":{"$ref":"#/components/schemas/Agreement"},"fields":{"type":"object","additionalProperties":{"type":"string"}},\
        "readByMachine":{"type":"array","items":{"type":"string"}},"tags":{"type":"array","items":{"type":"string"}},"mergedInto":{"type":["string","null"],"description":"Where it goes on."},\
        "closing":{"type":["object","null"],"properties":{"noticedAt":{"$ref":"#/components/schemas/Instant"},"closableAt":{"$ref":"#/components/schemas/InstantOrNull"},"listed":{"type":"boolean"}}},\
        "escalation":{"type":"object","properties":{"response":{"type":"integer"},"resolution":{"type":"integer"}},"description":"The highest rung so far."},\
        "proposals":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"due":{"$ref":"#/components/schemas/InstantOrNull"},"workingSeconds":{"type":["integer","null"]},\
        "by":{"enum":["staff","contact"]},"accepted":{"type":"boolean"},"at":{"$ref":"#/components/schemas/Instant"}}}},\
        "complaints":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"at":{"$ref":"#/components/schemas/Instant"},"answeredAt":{"$ref":"#/components/schemas/InstantOrNull"},\
        "due":{"$ref":"#/components/schemas/InstantOrNull"},"aboutCoverage":{"type":"boolean"},"clock":{"$ref":"#/components/schemas/Clock"}}}},\
        "access":{"type":"array","description":"Access that the client granted (L5).","items":{"type":"object","properties":{"id":{"type":"integer"},"who":{"type":"string"},"how":{"type":"string"},\
        "from":{"$ref":"#/components/schemas/Instant"},"until":{"$ref":"#/components/schemas/InstantOrNull"},"endedAt":{"$ref":"#/components/schemas/InstantOrNull"}}}},\
        "quotes":{"type":"array","description":"Work that is not covered, at a price (M5).","items":{"type":"object","properties":{"id":{"type":"integer"},"state":{"enum":["open","accepted","declined","withdrawn"]},\
        "effortSeconds":{"type":"integer"},"price":{"type":"string"},"currency":{"type":"string"},"deliverables":{"type":"string"},"due":{"$ref":"#/components/schemas/InstantOrNull"},\
        "at":{"$ref":"#/components/schemas/Instant"},"decidedAt":{"$ref":"#/components/schemas/InstantOrNull"},"work":{"type":["string","null"],"description":"The ticket that the work became."}}}},\
        "origin":{"type":["object","null"],"description":"Whose quote this ticket is the work of.","properties":{"ticket":{"type":"string"},"quote":{"type":"integer"}}},\
        "reopened":{"type":"integer"}}},
        "AddressList":{"type":"object","required":["items"],"properties":{"items":{"type":"array","items":{"type":"string"}}}},
        "ManyOutcome":{"type":"object","required":["items"],"properties":{"items":{"type":"array","items":{"type":"object","required":["ref","done","refusal","clause"],"properties":{"ref":{"type":"string"},"done":{"type":"boolean"},\
        "refusal":{"type":["string","null"],"description":"Why it was not done."},"clause":{"type":["string","null"]}}}}}},
        "Connections":{"type":"object","required":["mergedInto","absorbed","links","tags","followers","spentSeconds"],"properties":{"mergedInto":{"type":["string","null"]},\
        "absorbed":{"type":"array","items":{"type":"string"}},"mayBelongTo":{"type":["string","null"],"description":"A ticket that its mail named, without a token of the desk's."},\
        "links":{"type":"array","items":{"type":"object","properties":{"ref":{"type":"string"},"relation":{"enum":["related","problem","incident"]},"subject":{"type":"string"},"status":{"type":"string"}}}},\
        "tags":{"type":"array","items":{"type":"string"}},"followers":{"type":"array","items":{"type":"string"}},"spentSeconds":{"type":"integer"}}},
        "TaskList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"type":"object","required":["id","text","assignee","due","doneAt","doneBy"],"properties":{"id":{"type":"integer"},\
        "text":{"type":"string"},"assignee":{"type":["string","null"],"description":"Null: whoever works on the ticket."},"due":{"type":["string","null"],"format":"date-time"},"doneAt":{"type":["string","null"],"format":"date-time"},\
        "doneBy":{"type":["string","null"]}}}},"next":{"type":["string","null"]}}},\
        "CustomFieldList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"type":"object","required":["name","label","kind","choices","value"],"properties":{"name":{"type":"string"},\
        "label":{"type":"string"},"kind":{"enum":["text","number","date","choice","check"]},"choices":{"type":"array","items":{"type":"string"}},"value":{"type":["string","null"]}}}},"next":{"type":["string","null"]}}},\
        "NotificationList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"type":"object","required":["id","kind","ref","event","words","at","read"],"properties":{"id":{"type":"integer"},\
        "kind":{"type":"string"},"ref":{"type":"string"},"event":{"type":"integer","description":"The number of the event in the ticket's log."},"words":{"type":"string"},"at":{"$ref":"#/components/schemas/Instant"},\
        "read":{"type":"boolean"}}}},"next":{"type":["string","null"]}}},\
        "Done":{"type":"object","required":["done"],"properties":{"done":{"type":"boolean"}}},\
        "TicketList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Ticket"}},"next":{"type":["string","null"]}}},
        "Actor":{"type":"object","required":["kind","name"],"properties":{"kind":{"enum":["contact","staff","system"]},"name":{"type":"string"}}},
        "Event":{"type":"object","required":["number","type","occurredAt","recordedAt","actor","facts","sentence","hash"],"properties":{"number":{"type":"integer","minimum":1},"type":{"type":"string"},\
        "occurredAt":{"$ref":"#/components/schemas/Instant"},"recordedAt":{"$ref":"#/components/schemas/Instant"},"actor":{"$ref":"#/components/schemas/Actor"},\
        "facts":{"type":["object","null"],"description":"Null: not for this reader."},"sentence":{"type":["string","null"]},"hash":{"type":"string"}}},
        "EventList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Event"}},"next":{"type":["string","null"]}}},
        "Message":{"type":"object","required":["id","body","html","visibility","author","at","channel","attachments"],"properties":{"id":{"type":"integer"},"body":{"type":"string"},\
        "html":{"type":"string","description":"Safe to show: no scripts, nothing from elsewhere."},"visibility":{"enum":["public","internal"]},"author":{"$ref":"#/components/schemas/Actor"},\
        "at":{"$ref":"#/components/schemas/Instant"},"channel":{"enum":["email","portal","api","phone","meeting"]},"automatic":{"type":"boolean"},\
        "attachments":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"},"type":{"type":"string"},"size":{"type":"integer"}}}}}},
        "MessageList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Message"}},"next":{"type":["string","null"]}}},
        "IssuedReportList":{"type":"object","required":["items","next"],"properties":{"items":{"type":"array","items":{"type":"object","required":["id","client","from","to","issuedAt","digest"]}},"next":{"type":"null"}}},\
        "Report":{"type":"object","required":["client","from","to","events","severities","tickets"],"properties":{"client":{"type":"string"},"from":{"type":"string","format":"date"},"to":{"type":"string","format":"date"},\
        "events":{"type":"integer","description":"How many events were counted."},"severities":{"type":"array","items":{"type":"object"}},"tickets":{"type":"array","items":{"type":"object"}}}}
        }
        """
}
