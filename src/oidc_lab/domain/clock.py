"""What a clock is: a call that answers the present moment, as an aware datetime in UTC."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
