"""The other side of the wire: an application that signs users in and believes nothing it has not checked."""
