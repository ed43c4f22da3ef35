// What a user of the library meets in the tracker's signatures comes with it.
@_exported public import CustodyLog
@_exported public import DossierCore
@_exported public import DossierReport
